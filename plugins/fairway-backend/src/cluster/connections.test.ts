import { ConfigReader } from '@backstage/config';
import { clusterConnections } from './connections.ts';

const read = (...clusters: { [key: string]: string }[]) =>
  clusterConnections(new ConfigReader({ fairway: { clusters } }));
const login = { url: 'https://cluster.example', serviceAccountToken: 'secret-token' };

test('no clusters are no error', () => {
  expect(clusterConnections(new ConfigReader({}))).toEqual([]);
});

test('a cluster by its address and token', () => {
  const [connection] = read({ name: 'one', ...login, prometheusUrl: 'http://p', alertmanagerUrl: 'http://a' });
  expect(connection).toMatchObject({ name: 'one', prometheusUrl: 'http://p', alertmanagerUrl: 'http://a' });
  expect(connection?.open(new AbortController().signal).server).toBe('https://cluster.example');
});

test.each([
  ['neither address nor kubeconfig', { name: 'one' }, /"one".* has neither kubeconfig, url nor inCluster/],
  ['both', { name: 'one', kubeconfig: 'k', context: 'c', ...login }, /"one".* has kubeconfig and url/],
  ['a kubeconfig without its context', { name: 'one', kubeconfig: 'k' }, /fairway.clusters\[0\].context/],
  [
    'a token for everybody on the way',
    { name: 'one', ...login, url: 'http://a:secret-token@c' },
    /must begin with https/,
  ],
])('%s', (_name, cluster, message) => {
  expect(() => read(cluster)).toThrow(message);
  expect(() => read(cluster)).not.toThrow(/secret-token/);
});

test('two clusters of one name', () => {
  expect(() => read({ name: 'one', ...login }, { name: 'one', ...login })).toThrow(/have the name "one"/);
});
