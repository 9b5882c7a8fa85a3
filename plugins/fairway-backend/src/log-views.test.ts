import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mockServices } from '@backstage/backend-test-utils';
import { reasonOf } from '@fairway/service/reasons/reason';
import { createLogViews } from './log-views.ts';
import { configuredRedaction } from './redaction.ts';

interface Store {
  readonly url: string;
  readonly asked: string[];
  stop(): void;
}

/** Answers every search with these documents. */
async function store(...documents: object[]): Promise<Store> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => (body += chunk));
    request.on('end', () => {
      asked.push(body);
      const hits = documents.map(_source => ({ _source }));
      response.end(JSON.stringify({ hits: { total: { value: hits.length }, hits } }));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, stop: () => void server.close() };
}

const document = (time: string, message: string) => ({ '@timestamp': time, message, log: { level: 'info' } });

function views(clusters: object[]) {
  const entries = clusters.map(cluster => ({ kubeconfig: '/none', context: 'c', ...cluster }));
  const config = mockServices.rootConfig({ data: { fairway: { clusters: entries } } });
  return createLogViews({ config, logger: mockServices.logger.mock(), redaction: configuredRedaction(config) });
}

test('stores are asked once each, and their lines are joined by time', async () => {
  const [one, two] = [
    await store(document('2026-11-26T10:00:02Z', 'c'), document('2026-11-26T10:00:00Z', 'a')),
    await store(document('2026-11-26T10:00:01Z', 'b')),
  ];
  try {
    const answer = await views([
      { name: 'east', logsUrl: one.url },
      { name: 'west', logsUrl: two.url },
      { name: 'east-2', logsUrl: one.url },
      { name: 'north' },
    ]).search('hello', { since: '1h' });
    expect(answer.items.map(({ message, clusters }) => [message, clusters])).toEqual([
      ['c', ['east', 'east-2']],
      ['b', ['west']],
      ['a', ['east', 'east-2']],
    ]);
    expect(answer).toMatchObject({ total: 3, unstored: ['north'] });
    expect([one.asked.length, two.asked.length]).toEqual([1, 1]);
    expect(one.asked[0]).toContain('"service.name":"hello"');
  } finally {
    one.stop();
    two.stop();
  }
});

test('a request is searched for everywhere: the firewall does not know the service', async () => {
  const one = await store();
  try {
    await views([{ name: 'east', logsUrl: one.url }]).search('hello', { requestId: 'r1' });
    expect(one.asked[0]).toContain('"http.request.id":"r1"');
    expect(one.asked[0]).not.toContain('service.name');
  } finally {
    one.stop();
  }
});

test('a store that does not answer is named without its login, and the others are still shown', async () => {
  const one = await store(document('2026-11-26T10:00:00Z', 'a'));
  const stopped = await store();
  stopped.stop();
  try {
    const gone = { name: 'west', logsUrl: stopped.url.replace('//', '//reader:hunter2@') };
    const answer = await views([{ name: 'east', logsUrl: one.url }, gone]).search('hello', {});
    expect(answer.items).toHaveLength(1);
    expect(answer.stores).toEqual([
      { clusters: ['east'], state: 'live' },
      {
        ...{ clusters: ['west'], state: 'unreachable', message: expect.stringContaining('ECONNREFUSED') },
        // for readers of other languages
        coded: { code: 'list.then', parameters: expect.objectContaining({ second: reasonOf('logStore.check') }) },
      },
    ]);
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  } finally {
    one.stop();
  }
});
