import { Engines, readyIn } from './engines.ts';

const slice = (endpoints: object[], port = 8080) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'a' },
  ports: [{ name: 'http', port }],
  endpoints,
});
const pod = (name: string, address: string, conditions: object = { ready: true }) => ({
  addresses: [address],
  conditions,
  targetRef: { kind: 'Pod', name },
});

test('pods that are ready are engines, and this program is none', () => {
  const found = readyIn(
    slice([
      pod('hello-1-abc', '10.0.0.1'),
      pod('hello-1-def', '10.0.0.2', { ready: false, serving: true, terminating: true }),
      // discovery.k8s.io/v1, EndpointConditions: "A nil value should be interpreted as "true"."
      pod('hello-1-ghi', '10.0.0.3', {}),
      pod('hello-1-act-0', '10.0.0.4'),
    ]),
    'hello-1-act-',
  );
  expect(found).toEqual(['10.0.0.1', '10.0.0.3'].map(host => ({ host, port: 8080 })));
});

test('a Service without pods has a slice without ports and endpoints', () => {
  // as the EndpointSlice controller of Kubernetes writes its placeholder
  expect(readyIn({ ...slice([]), ports: null, endpoints: null } as never, 'hello-1-act-')).toEqual([]);
});

test('who waits gets the first that comes, and each has its turn', async () => {
  const engines = new Engines();
  const { signal } = new AbortController();
  const waiting = [engines.next(signal), engines.next(signal)];
  engines.set([]);
  const [one, two] = [1, 2].map(port => ({ host: 'a', port })) as [never, never];
  engines.set([one, two]);
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([one, two]));
});

test('who gives up waits no longer', async () => {
  const gone = new AbortController();
  const waiting = new Engines().next(gone.signal);
  gone.abort(new Error('hung up'));
  await expect(waiting).rejects.toThrow('hung up');
});
