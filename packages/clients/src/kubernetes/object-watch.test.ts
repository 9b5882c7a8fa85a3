import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { kubeConfigOf } from '../../../../test/fixtures/kube-config.ts';
import { Cluster } from './cluster.ts';
import type { KubernetesObject } from './objects.ts';
import { ObjectWatch } from './object-watch.ts';
import type { WatchState } from './object-watch.ts';

/** Speaks as much of the Kubernetes API as a watch needs, and breaks off as it is told: a real server does neither on demand. */
class Script {
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #answers: ((response: ServerResponse) => void)[];

  constructor(...answers: ((response: ServerResponse) => void)[]) {
    this.#answers = answers;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  async start(): Promise<Cluster> {
    const config = await kubeConfigOf(this.#server, 'c');
    return new Cluster(config, 'c', this.#ended.signal);
  }

  readonly #ended = new AbortController();

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  stop(): void {
    this.#ended.abort();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/api/v1') {
      response.end(JSON.stringify({ resources: [{ name: 'nodes', kind: 'Node', namespaced: false }] }));
      return;
    }
    const query = new URL(request.url ?? '', 'http://server').searchParams;
    const version = query.get('resourceVersion');
    this.asked.push(query.get('watch') ? `watch ${version}` : `list ${query.get('continue') ?? ''}`.trim());
    // after its last answer the script keeps the watch open
    (this.#answers.shift() ?? (() => response.flushHeaders()))(response);
  }
}

const node = (name: string, version: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, resourceVersion: version },
});
const list = (version: string, names: readonly string[], next?: string) => (response: ServerResponse) =>
  void response.end(
    JSON.stringify({
      metadata: { resourceVersion: version, continue: next },
      items: names.map(name => node(name, version)),
    }),
  );
const line = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 10));
}

async function watching(script: Script) {
  const states: WatchState['name'][] = [];
  const changes: string[] = [];
  const watch = new ObjectWatch<string>(await script.start(), {
    apiVersions: ['v1'],
    kind: 'Node',
    keep: object => (object.metadata.name.startsWith('dull') ? undefined : object.metadata.name),
    changed: (before, after) => changes.push(`${before}>${after}`),
    stateChanged: state => states.push(state.name),
  });
  const ended = watch.run(script.signal);
  return { watch, states, changes, end: () => (script.stop(), ended) };
}

test('lists in pages, then follows from the version of the list; objects of no interest are not held', async () => {
  const script = new Script(list('7', ['a', 'dull'], 'more'), list('7', ['b']), response => {
    response.write(line('ADDED', node('c', '8')) + line('ADDED', node('dull-2', '9')));
    response.write(line('DELETED', node('a', '10')) + line('BOOKMARK', { metadata: { resourceVersion: '12' } }));
  });
  const { watch, states, changes, end } = await watching(script);
  await until(() => changes.length === 4);
  expect([...watch.objects.values()]).toEqual(['b', 'c']);
  expect(changes).toEqual(['undefined>a', 'undefined>b', 'undefined>c', 'a>undefined']);
  expect(script.asked).toEqual(['list', 'list more', 'watch 7']);
  expect(states).toEqual(['live']);
  await end();
});

test('a watch that breaks in the middle of a line resumes at the last version it saw', async () => {
  const script = new Script(list('1', ['a']), response => {
    response.write(line('ADDED', node('b', '2')) + '{"type":"ADDED","obj');
    setTimeout(() => response.destroy(), 20);
  });
  const { watch, states, end } = await watching(script);
  await until(() => script.asked.length === 3);
  expect(script.asked).toEqual(['list', 'watch 1', 'watch 2']);
  expect([...watch.objects.values()]).toEqual(['a', 'b']);
  // one break is not worth a word
  expect(states).toEqual(['live']);
  await end();
});

test.each([
  [
    'said in the stream',
    (response: ServerResponse) => void response.end(line('ERROR', { code: 410, message: 'gone' })),
  ],
  ['refused', (response: ServerResponse) => void response.writeHead(410).end('{"message":"too old"}')],
])('a version that the cluster has forgotten (%s) leads to a new list', async (_name, gone) => {
  const script = new Script(list('1', ['a', 'b']), gone, list('9', ['b', 'c']));
  const { watch, changes, end } = await watching(script);
  await until(() => script.asked.length === 4);
  expect(script.asked).toEqual(['list', 'watch 1', 'list', 'watch 9']);
  expect([...watch.objects.values()]).toEqual(['b', 'c']);
  expect(changes).toContain('a>undefined');
  await end();
});

test('a refused list is a state with its reason, and is tried again', async () => {
  const refusal = (response: ServerResponse) => void response.writeHead(403).end('{"message":"nodes is forbidden"}');
  const script = new Script(refusal, list('1', ['a']));
  const { watch, states, end } = await watching(script);
  await until(() => watch.state.name === 'failing');
  expect(watch.state).toMatchObject({
    error: { message: expect.stringMatching(/403.*nodes is forbidden.*permission/) },
  });
  await until(() => watch.state.name === 'live');
  expect(states).toEqual(['failing', 'live']);
  await end();
});
