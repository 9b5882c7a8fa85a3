import { operations } from '@fairway/backstage-plugin-fairway-common';
import request from 'supertest';
import { ConfigReader } from '@backstage/config';
import { configuredRetention, removeOldDeliveries } from './keep-newest.ts';
import { digestOf } from '@fairway/clients/registry/content';
import { clusterUid, commit, imageDigest, sampleDelivery, withStage } from '../testing/sample-delivery.ts';
import { startTestPortal, tokens } from '../testing/test-portal.ts';
import { testDatabases } from '../testing/test-databases.ts';

const databases = testDatabases();

describe.each(databases.eachSupportedId())('deliveries on %s', engine => {
  async function portal(replicas = 1) {
    const knex = await databases.init(engine);
    const started = [];
    for (let index = 0; index < replicas; index++) started.push(await startTestPortal({ knex }));
    const clients = started.map(({ server }) => ({
      send: (body: object) =>
        request(server).post('/api/fairway/deliveries').set('authorization', `Bearer ${tokens.all}`).send(body),
      read: (path: string) => request(server).get(`/api/fairway${path}`).set('authorization', `Bearer ${tokens.all}`),
    }));
    return { ...started[0]!, ...clients[0]!, clients, knex };
  }

  test('a delivery is stored once, shown whole, and told to the catalog and the open pages', async () => {
    const { send, read, told, audit } = await portal();
    const sample = sampleDelivery();
    expect((await send(sample)).body).toEqual({ id: sample.record.id, changed: true });
    expect((await send(sample)).body).toEqual({ id: sample.record.id, changed: false });
    expect((await send(sampleDelivery({ until: 'push' }))).body).toEqual({ id: sample.record.id, changed: false });

    const delivery = await read(`/deliveries/${sample.record.id}`);
    expect(delivery.body).toEqual({
      id: sample.record.id,
      again: 'command',
      service: 'hello-llm',
      environment: 'staging',
      cluster: clusterUid,
      namespace: 'hello-llm',
      verdict: 'pass',
      reason: 'release went well.',
      commit,
      digest: imageDigest,
      startedAt: '2026-11-25T09:21:00.000Z',
      finishedAt: '2026-11-25T09:32:00.000Z',
      origin: 'laptop',
      record: JSON.parse(JSON.stringify(sample.record)),
      stored: Object.keys(sample.evidence).sort(),
    });
    const [digest = ''] = Object.keys(sample.evidence);
    const evidence = await read(`/deliveries/${sample.record.id}/evidence/${digest}`);
    expect(evidence.body).toEqual({ mediaType: 'application/json', content: sample.evidence[digest] });

    expect(told.stored).toEqual([{ id: sample.record.id, service: 'hello-llm' }]);
    expect(told.signals).toEqual([
      { recipients: { type: 'broadcast' }, channel: 'fairway', message: { changed: 'deliveries' } },
    ]);
    expect(audit).toHaveLength(3);
    expect(audit[0]).toEqual({
      eventId: 'delivery-ingest',
      status: 'succeeded',
      meta: { delivery: sample.record.id, service: 'hello-llm', sender: 'all' },
    });
  });

  test('a service is what its deliveries say, in whatever order they arrive', async () => {
    const { send, read } = await portal();
    const first = sampleDelivery({
      id: 'first',
      revision: 'aaaa1111',
      owner: 'team-old',
      begun: '2026-11-01T00:00:00.000Z',
    });
    const second = withStage(
      sampleDelivery({ id: 'second', owner: 'team-new', until: 'load-test', begun: '2026-11-02T00:00:00.000Z' }),
      'load-test',
      { verdict: 'fail', reason: 'Too slow.', evidence: [] },
    );
    expect((await read('/services')).body).toEqual({ items: [] });
    for (const one of [second, first]) expect((await send({ ...one, evidence: only(one) })).status).toBe(200);
    expect((await read('/services')).body.items).toEqual([
      {
        name: 'hello-llm',
        namespace: 'hello-llm',
        owner: 'team-new',
        system: 'examples',
        engine: 'llamacpp',
        model: 'hello-tiny',
        url: 'http://hello.example:17402',
        state: 'unknown',
        places: [
          {
            cluster: clusterUid,
            environment: 'staging',
            state: 'unknown',
            versions: [],
            released: { revision: 'aaaa1111', digest: imageDigest, since: '2026-11-01T00:11:00.000Z' },
            lastDelivery: { id: 'second', verdict: 'fail', finishedAt: '2026-11-02T00:10:00.000Z' },
            firingAlerts: 2,
          },
        ],
        released: { revision: 'aaaa1111', digest: imageDigest, since: '2026-11-01T00:11:00.000Z' },
        lastDelivery: { id: 'second', verdict: 'fail', finishedAt: '2026-11-02T00:10:00.000Z' },
        objectives: { verdict: 'fail', reason: 'Too slow.' },
        firingAlerts: 2,
      },
    ]);
    const deliveries = await read('/services/hello-llm/deliveries');
    expect(deliveries.body.items.map((item: { id: string }) => item.id)).toEqual(['second', 'first']);
    expect(deliveries.body.items[0]).toMatchObject({ verdict: 'fail', failedStage: 'load-test', reason: 'Too slow.' });
    const older = await read('/services/hello-llm/deliveries?before=2026-11-02T00:10:00.000Z');
    expect(older.body.items.map((item: { id: string }) => item.id)).toEqual(['first']);
  });

  test('a service whose owner the catalog cannot take is shown with what is wrong', async () => {
    const { send, read } = await portal();
    for (const owner of ['', 'team:', 'x'.repeat(255)])
      expect((await send(sampleDelivery({ id: `d${owner.length}`, service: `s${owner.length}`, owner }))).status).toBe(
        200,
      );
    await send(sampleDelivery());
    const { items } = (await read('/services')).body;
    expect(items.map((item: { problems?: string[] }) => item.problems?.length ?? 0)).toEqual([0, 1, 1, 1]);
  });

  test('answers are what their description promises', async () => {
    const { send, read } = await portal();
    const { record, evidence } = sampleDelivery();
    await send({ record, evidence });
    const { services, deliveries, delivery, evidence: content, comparisons } = operations;
    const promised = [
      [services, '/services'],
      [deliveries, '/services/hello-llm/deliveries'],
      [delivery, `/deliveries/${record.id}`],
      [content, `/deliveries/${record.id}/evidence/${Object.keys(evidence)[0]}`],
      [comparisons, '/comparisons'],
    ] as const;
    for (const [{ response }, path] of promised) {
      const { body } = await read(path);
      expect(response.parse(body)).toEqual(body);
    }
  });

  test('replicas that get the records of one delivery at the same time end in the same place', async () => {
    const { clients, read, knex } = await portal(3);
    const records = (['prepare', 'scan', 'push', 'mesh', 'release'] as const).map(until => sampleDelivery({ until }));
    const answers = await Promise.all(
      [...records, ...records].reverse().map((record, index) => clients[index % 3]!.send(record)),
    );
    expect(answers.map(answer => answer.status)).toEqual(answers.map(() => 200));
    expect(answers.some(answer => answer.body.changed)).toBe(true);
    const whole = sampleDelivery();
    const { body } = await read(`/deliveries/${whole.record.id}`);
    expect(body.record).toEqual(JSON.parse(JSON.stringify(whole.record)));
    expect(body.stored).toEqual(Object.keys(whole.evidence).sort());
    expect((await knex('deliveries').select('id')).length).toBe(1);
  });

  test('old deliveries go with what only they name, and what the page of services tells stays', async () => {
    const { send, read, knex } = await portal();
    const day = (date: number) => `2026-11-0${date}T00:00:00.000Z`;
    await send(sampleDelivery({ id: 'released', begun: day(1), revision: 'aaaa1111' }));
    for (const date of [2, 3, 4])
      await send(sampleDelivery({ id: `d${date}`, begun: day(date), until: 'build', owner: `team-${date}` }));
    const before = (await read('/services')).body;
    await removeOldDeliveries(knex, { deliveries: 1, days: 3650, megabytes: 1000 }, new Date());
    expect((await read('/services')).body).toEqual(before);
    const { items } = (await read('/services/hello-llm/deliveries')).body;
    expect(items.map((item: { id: string }) => item.id)).toEqual(['d4', 'released']);
    expect((await read('/deliveries/released')).body.stored).toHaveLength(2);
    // two of the one in production, and the newest description of the service
    expect(await knex('evidence').select('digest')).toHaveLength(3);
    expect(await knex('delivery_records').select('id')).toHaveLength(2);
  });

  test('deliveries go by age and by size, never the latest of a service', async () => {
    const { send, read, knex } = await portal();
    const day = (date: number) => `2026-11-0${date}T00:00:00.000Z`;
    for (const date of [1, 2, 3]) await send(sampleDelivery({ id: `d${date}`, begun: day(date), until: 'push' }));
    await send(sampleDelivery({ id: 'single', service: 'other-llm', begun: day(1), until: 'push' }));
    const ids = async () => (await knex('deliveries').orderBy('id').select('id')).map(row => row.id);
    const all = { deliveries: 100, days: 3650, megabytes: 1000 };
    await removeOldDeliveries(knex, all, new Date(day(4)));
    expect(await ids()).toEqual(['d1', 'd2', 'd3', 'single']);
    await removeOldDeliveries(knex, { ...all, days: 2 }, new Date(day(4)));
    expect(await ids()).toEqual(['d2', 'd3', 'single']);
    const huge = 'x'.repeat(1_100_000);
    await knex('evidence').insert({ digest: digestOf(huge), content: huge });
    await knex('delivery_evidence').insert({ delivery: 'd2', digest: digestOf(huge) });
    await removeOldDeliveries(knex, { ...all, megabytes: 1 }, new Date(day(4)));
    expect(await ids()).toEqual(['d3', 'single']);
    await removeOldDeliveries(knex, { deliveries: 1, days: 1, megabytes: 1 }, new Date(day(9)));
    expect((await read('/services')).body.items).toHaveLength(2);
    expect(() => configuredRetention(new ConfigReader({ fairway: { keepDays: 0 } }))).toThrow(/keepDays is 0/);
  });

  test('the code of a reason is where its sentence is, and not beside one that an older replica wrote', async () => {
    const { send, read, knex } = await portal();
    const coded = { code: 'loadTest.none', parameters: {} };
    const reason = 'No request was measured.';
    const tested = sampleDelivery({ until: 'load-test' });
    await send(withStage(tested, 'load-test', { reason, coded }));
    const shown = async () => {
      const [item] = (await read('/services/hello-llm/deliveries')).body.items;
      const [service] = (await read('/services')).body.items;
      const { body: delivery } = await read(`/deliveries/${tested.record.id}`);
      expect(delivery).toMatchObject(item);
      expect(delivery.record.stages['load-test']).toMatchObject({ reason, coded });
      return [item.coded, service.objectives.coded];
    };
    expect(await shown()).toEqual([coded, coded]);
    // nothing is heard of it for a day
    await knex('deliveries').update({ heard_at: '2026-11-01T00:00:00.000Z' });
    expect((await shown())[0]).toMatchObject({ code: 'delivery.silentAfter', parameters: { words: coded } });
    const now = new Date().toISOString();
    await knex('deliveries').update({ reason: 'Another one.', objectives_reason: 'Another one.', heard_at: now });
    expect(await shown()).toEqual([undefined, undefined]);
  });

  test('a delivery of which nothing is heard for a day is inconclusive until it is heard again', async () => {
    const { send, read, knex } = await portal();
    const sample = sampleDelivery({ until: 'build' });
    const told = async () => {
      const [item] = (await read('/services/hello-llm/deliveries')).body.items;
      const [service] = (await read('/services')).body.items;
      expect((await read(`/deliveries/${sample.record.id}`)).body).toMatchObject(item);
      expect(service.lastDelivery.verdict).toBe(item.verdict);
      return item;
    };
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    await send(sample);
    // however old its stages are: they may stand from earlier deliveries
    expect(await told()).toMatchObject({ verdict: 'running', reason: 'build went well.' });
    await knex('deliveries').update({ heard_at: hoursAgo(23.9) });
    expect(await told()).toMatchObject({ verdict: 'running' });
    const silent = hoursAgo(24.1);
    await knex('deliveries').update({ heard_at: silent });
    const { verdict, reason, coded, failedStage } = await told();
    expect({ verdict, failedStage }).toEqual({ verdict: 'inconclusive' });
    expect(reason).toContain(`Nothing was heard of it since ${silent}`);
    expect(reason).toContain('Its last stage said: build went well.');
    expect(coded).toMatchObject({ code: 'delivery.silentAfter', parameters: { heard: silent } });
    expect((await send(sample)).body.changed).toBe(false);
    const goesOn = await told();
    expect(goesOn).toMatchObject({ verdict: 'running', reason: 'build went well.' });
    expect(goesOn).not.toHaveProperty('coded');
    await knex('deliveries').update({ heard_at: silent });
    await send(sampleDelivery());
    expect(await told()).toMatchObject({ verdict: 'pass', reason: 'release went well.' });
    await knex('deliveries').update({ heard_at: silent });
    expect(await told()).toMatchObject({ verdict: 'pass', reason: 'release went well.' });
  });

  test('what cannot be stored is refused with the reason and changes nothing', async () => {
    const { send, read, audit } = await portal();
    const sample = sampleDelivery();
    const unproved = await send({ ...sample, evidence: {} });
    expect(unproved.status).toBe(400);
    expect(unproved.body.error.message).toContain('evidence/prepare/service.json');
    const forged = await send({ ...sample, evidence: { [Object.keys(sample.evidence)[0]!]: '{}' } });
    expect(forged.status).toBe(400);
    expect(forged.body.error.message).toContain(`has the digest ${digestOf('{}')}`);
    expect(audit.map(event => event.status)).toEqual(['failed', 'failed']);
    expect((await read('/services')).body).toEqual({ items: [] });
    expect((await read(`/deliveries/${sample.record.id}`)).status).toBe(404);

    await send(sample);
    const copied = sampleDelivery({ service: 'copied' });
    const conflict = await send(copied);
    expect(conflict.status).toBe(409);
    expect(conflict.body.error.message).toContain('is one of the service "hello-llm"');
    expect((await read('/services')).body.items).toHaveLength(1);
  });
});

/** The evidence that the record still names. */
function only({ record, evidence }: ReturnType<typeof sampleDelivery>): Record<string, string> {
  const named = Object.values(record.stages).flatMap(entry => entry.evidence.map(piece => piece.digest));
  return Object.fromEntries(Object.entries(evidence).filter(([digest]) => named.includes(digest)));
}
