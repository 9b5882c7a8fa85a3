import { serviceOfAlert } from './service-of-alert.ts';

const known = new Map([
  ['hello', ['hello']],
  ['team', ['chat', 'chat-large']],
]);
/** As kube-prometheus's rules label what kube-state-metrics tells. */
const scraped = { job: 'kube-state-metrics', service: 'kube-prometheus-kube-state-metrics', severity: 'warning' };

test.each<[string, Record<string, string>, string | undefined]>([
  [
    'the pod of a version',
    { ...scraped, alertname: 'KubePodCrashLooping', namespace: 'hello', pod: 'hello-1a2b3c4d-7f9c6d5b8-x2x4z' },
    'hello',
  ],
  [
    'a Deployment of a longer name',
    { ...scraped, alertname: 'KubeDeploymentReplicasMismatch', namespace: 'team', deployment: 'chat-large-1a2b3c4d' },
    'chat-large',
  ],
  ['a Deployment beside it', { ...scraped, namespace: 'team', deployment: 'chat-1a2b3c4d' }, 'chat'],
  ['a pod of somebody else in the namespace', { ...scraped, namespace: 'hello', pod: 'redis-0' }, undefined],
  ['a pod whose name begins alike', { ...scraped, namespace: 'team', pod: 'chat-bot-0' }, undefined],
  ['a quota of the namespace', { ...scraped, alertname: 'KubeQuotaAlmostFull', namespace: 'hello' }, 'hello'],
  ['a quota of a namespace of two', { ...scraped, alertname: 'KubeQuotaAlmostFull', namespace: 'team' }, undefined],
  ['what is scraped itself', { ...scraped, namespace: 'monitoring', pod: 'kube-state-metrics-5d9-x' }, undefined],
  [
    'a scrape that keeps its own labels',
    {
      ...{ namespace: 'monitoring', pod: 'kube-state-metrics-5d9-x', service: 'kube-state-metrics' },
      ...{ exported_namespace: 'hello', exported_pod: 'hello-1a2b3c4d-7f9c6d5b8-x2x4z' },
    },
    'hello',
  ],
  ['a rule of a team', { namespace: 'team', service: 'chat' }, 'chat'],
  ['a rule of a team without a namespace', { service: 'chat' }, 'chat'],
  ['a Service that is none of ours', { service: 'coredns' }, undefined],
  ['a node', { alertname: 'NodeFilesystemFull', instance: '10.0.0.1:9100' }, undefined],
  [
    'a rule of Fairway, of a service that the portal was never sent',
    { service: 'new', namespace: 'new', owner: 'a' },
    'new',
  ],
])('%s', (_name, labels, service) => {
  expect(serviceOfAlert(labels, known).service).toBe(service);
});

test('the namespace is that of the object, not of the scrape', () => {
  const labels = { namespace: 'monitoring', exported_namespace: 'hello' };
  expect(serviceOfAlert(labels, known)).toEqual({ service: 'hello', namespace: 'hello' });
});
