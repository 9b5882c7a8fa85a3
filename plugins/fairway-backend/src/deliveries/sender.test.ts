import { mockCredentials } from '@backstage/backend-test-utils';
import request from 'supertest';
import { sampleDelivery, withStage } from '../testing/sample-delivery.ts';
import { testDatabases } from '../testing/test-databases.ts';
import { startTestIssuer, type TestIssuer } from '../testing/test-issuer.ts';
import { startTestPortal, tokens } from '../testing/test-portal.ts';

const databases = testDatabases();
let issuer: TestIssuer;
beforeAll(async () => void (issuer = await startTestIssuer()));
afterAll(() => issuer.close());

const failed = { verdict: 'fail', reason: 'A probe got in.' } as const;
/** The same delivery as its sender would never have sent it: passed, and later. */
const repaired = (until?: 'mesh') =>
  withStage(sampleDelivery({ until }), 'mesh', { reason: 'All is well.', finishedAt: '2026-11-25T11:59:00.000Z' });

describe.each(databases.eachSupportedId())('the sender of a delivery, on %s', engine => {
  async function portal() {
    const knex = await databases.init(engine);
    const github = {
      issuer: issuer.url,
      server: 'https://github.test',
      repositories: ['acme/*'],
      workflows: ['acme/**'],
    };
    const { server } = await startTestPortal({ knex, config: { github } });
    const call = (token: string) => ({ authorization: `Bearer ${token}` });
    const send = async (token: string, body: object) => {
      const answer = await request(server).post('/api/fairway/deliveries').set(call(token)).send(body);
      return { status: answer.status, message: String(answer.body.error?.message ?? '') };
    };
    const read = async (path: string) => (await request(server).get(`/api/fairway${path}`).set(call(tokens.all))).body;
    return { knex, send, read };
  }

  test('a token changes nothing of what a GitHub run sent, and a run nothing of what a token sent', async () => {
    const { send, read } = await portal();
    const sample = withStage(sampleDelivery({ until: 'mesh' }), 'mesh', failed);
    const path = `/deliveries/${sample.record.id}`;
    expect((await send(await issuer.token(), sample)).status).toBe(200);
    const before = await read(path);
    expect(before).toMatchObject({ verdict: 'fail', origin: 'https://github.test/acme/hello-llm/actions/runs/42' });
    for (const token of [tokens.all, tokens.sender]) {
      expect(await send(token, repaired())).toEqual({
        status: 403,
        message: expect.stringMatching(/was not sent by the holder of this token.*only its first sender may change it/),
      });
    }
    expect(await read(path)).toEqual(before);

    const own = { ...sample, record: { ...sample.record, id: 'by-token' } };
    expect((await send(tokens.sender, own)).status).toBe(200);
    expect((await send(tokens.all, { ...own, record: { ...repaired().record, id: 'by-token' } })).status).toBe(403);
    expect((await send(await issuer.token(), own)).message).toMatch(/not sent by the repository acme.hello-llm/);
  });

  test('jobs of one run, a later run of the same repository and the same token go on with theirs', async () => {
    const { send, read } = await portal();
    const sample = withStage(sampleDelivery({ until: 'mesh' }), 'mesh', failed);
    await send(await issuer.token(), sampleDelivery({ until: 'push' }));
    expect((await send(await issuer.token(), sample)).status).toBe(200);
    expect((await send(await issuer.token({ run_id: '43' }), repaired())).status).toBe(200);
    expect(await read(`/deliveries/${sample.record.id}`)).toMatchObject({
      verdict: 'pass',
      origin: 'https://github.test/acme/hello-llm/actions/runs/42',
    });
    const again = (ingest: typeof sample) => ({ ...ingest, record: { ...ingest.record, id: 'again' } });
    expect((await send(tokens.sender, again(sample))).status).toBe(200);
    expect((await send(tokens.sender, again(repaired()))).status).toBe(200);
    expect(await read('/deliveries/again')).toMatchObject({ verdict: 'pass', origin: 'laptop' });
  });

  test('a token sends for its owners alone, whatever the file says', async () => {
    const { send, read } = await portal();
    expect(await send(tokens.other, sampleDelivery())).toEqual({
      status: 403,
      message:
        'The service "hello-llm" belongs to "team-hello", and the token "other" sends for group:default/team-other alone. Send it with the token of that owner; a service changes its owner by a delivery whose token may send for both.',
    });
    expect(await read('/services')).toEqual({ items: [] });
    expect((await send(tokens.sender, sampleDelivery())).status).toBe(200);
    const taken = sampleDelivery({ id: 'taken', owner: 'team-other', begun: '2026-11-25T11:00:00.000Z' });
    const denied = (await send(tokens.other, taken)).message;
    expect(denied).toContain(
      'belongs to another owner, and the token "other" sends for group:default/team-other alone',
    );
    // whose it is, and of which service a delivery is, is for those who may see it
    const guessed = sampleDelivery({ service: 'mine', owner: 'team-other' });
    expect((await send(tokens.other, guessed)).message).not.toContain('hello-llm');
    expect(denied).not.toContain('team-hello');
    const unread = sampleDelivery({ id: 'unread', until: 'prepare', begun: '2026-11-25T11:00:00.000Z' });
    const { record } = withStage(unread, 'prepare', { verdict: 'fail', evidence: [] });
    expect((await send(tokens.other, { record, evidence: {} })).status).toBe(403);
    expect((await send(tokens.all, taken)).status).toBe(200);
    expect((await send(tokens.other, { ...taken, record: { ...taken.record, id: 'next' } })).status).toBe(200);
  });

  test('a later record of a delivery takes over no service of another repository', async () => {
    const { send, read } = await portal();
    expect((await send(await issuer.token(), sampleDelivery())).status).toBe(200);
    const stranger = await issuer.token({ repository: 'acme/other', repository_id: '1002' });
    const elsewhere = { id: 'elsewhere', owner: 'team-other', begun: '2026-11-25T11:00:00.000Z' };
    // a service of its own, in a namespace of its own
    expect((await send(stranger, sampleDelivery({ ...elsewhere, namespace: 'mine' }))).status).toBe(200);
    const moved = sampleDelivery({ ...elsewhere, begun: '2026-11-25T12:00:00.000Z' });
    expect(await send(stranger, moved)).toMatchObject({
      status: 403,
      message: expect.stringContaining('is delivered from another repository than acme/other'),
    });
    const { items } = await read('/services');
    expect(items.map(({ namespace, owner }: { namespace: string; owner: string }) => [namespace, owner])).toEqual([
      ['hello-llm', 'team-hello'],
      ['mine', 'team-other'],
    ]);
    // a delivery that ended before it read its file is of the place where its repository delivered last, whoever delivered the name since
    expect(
      (await send(await issuer.token(), sampleDelivery({ id: 'newest', begun: '2026-11-25T13:00:00.000Z' }))).status,
    ).toBe(200);
    const unread = sampleDelivery({ ...elsewhere, id: 'unread', until: 'prepare', begun: '2026-11-25T14:00:00.000Z' });
    const { record } = withStage(unread, 'prepare', { verdict: 'fail', evidence: [] });
    expect((await send(stranger, { record, evidence: {} })).status).toBe(200);
    expect(await read('/deliveries/unread')).toMatchObject({ namespace: 'mine', verdict: 'fail' });
    const third = await issuer.token({ repository: 'acme/third', repository_id: '1003' });
    const guessed = { record: { ...record, id: 'guessed' }, evidence: {} };
    expect((await send(third, guessed)).status).toBe(403);
  });

  test('a namespace that is none gives no service the name of another one', async () => {
    const { send, read } = await portal();
    const answer = await send(tokens.other, sampleDelivery({ owner: 'team-other', namespace: 'mine/hello-llm' }));
    expect(answer).toMatchObject({ status: 400, message: expect.stringContaining('must be the name of a namespace') });
    expect(await read('/services')).toEqual({ items: [] });
  });

  test('whoever knows the digest of what another team sent does not read it by naming it', async () => {
    const { send, read } = await portal();
    const theirs = sampleDelivery();
    await send(tokens.sender, theirs);
    const [secretPiece] = theirs.record.stages['load-test']!.evidence;
    const mine = sampleDelivery({ id: 'mine', service: 'mine', owner: 'team-other' });
    const naming = withStage(mine, 'load-test', { evidence: [secretPiece!] });
    const { [secretPiece!.digest]: content, ...evidence } = naming.evidence;
    expect((await send(tokens.other, { record: naming.record, evidence })).status).toBe(200);
    expect((await read('/deliveries/mine')).stored).toEqual(Object.keys(evidence));
    const path = `/deliveries/mine/evidence/${secretPiece!.digest}`;
    expect((await read(path)).error.message).toContain('was not sent');
    // nor does the same service without its file become a service of others
    const unread = await send(tokens.sender, { ...theirs, record: { ...theirs.record, id: 'again' }, evidence: {} });
    expect(unread.status).toBe(200);
    expect((await read('/deliveries/again')).stored).toEqual(Object.keys(theirs.evidence).sort());
    // what one has is one's own
    expect(
      (await send(tokens.other, { record: naming.record, evidence: { ...evidence, [secretPiece!.digest]: content! } }))
        .status,
    ).toBe(200);
    expect((await read(path)).content).toBe(content);
  });

  test('what was sent before senders were stored stays its sender’s', async () => {
    const { knex, send, read } = await portal();
    const sample = withStage(sampleDelivery({ until: 'mesh' }), 'mesh', failed);
    await send(tokens.all, sample);
    await knex('deliveries').update({ sender: null });
    expect((await send(await issuer.token(), repaired())).status).toBe(403);
    expect((await send(tokens.other, repaired())).status).toBe(403);
    expect((await send(tokens.sender, repaired('mesh'))).status).toBe(200);
    expect((await send(tokens.all, repaired())).status).toBe(403);
    expect(await read(`/deliveries/${sample.record.id}`)).toMatchObject({ verdict: 'running' });
  });
});

test('people send nothing, nor does a token that fairway.senders does not name', async () => {
  const signedIn = await startTestPortal({ users: true });
  const post = (authorization: string) =>
    request(signedIn.server).post('/api/fairway/deliveries').set({ authorization }).send(sampleDelivery());
  expect((await post(mockCredentials.user.header('user:default/ann'))).status).toBe(403);
  const { server } = await startTestPortal({ config: { senders: [] } });
  const answer = await request(server)
    .post('/api/fairway/deliveries')
    .set('authorization', `Bearer ${tokens.sender}`)
    .send(sampleDelivery());
  expect([answer.status, answer.body.error.message]).toEqual([403, expect.stringContaining('fairway.senders')]);
});
