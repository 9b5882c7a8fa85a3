import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { Cluster } from './cluster.ts';
import { tokenKubeconfig } from './kubeconfig.ts';

const server = createServer((request, response) => {
  const login = Buffer.from(request.headers.authorization?.split(' ')[1] ?? '', 'base64').toString();
  response.writeHead(403).end(`${request.headers.authorization?.split(' ')[1]} (${login}) may not do that`);
});
beforeAll(() => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());

const token = 'opaque-of-a-kubeconfig';

function byPassword(url: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'c', server: url, skipTLSVerify: true }],
    users: [{ name: 'c', username: 'ann', password: token }],
    contexts: [{ name: 'c', cluster: 'c', user: 'c' }],
    currentContext: 'c',
  });
  return config;
}

test.each([
  ['a token', (url: string) => tokenKubeconfig('c', { url, token })],
  ['a token that a program gives', (url: string) => tokenKubeconfig('c', { url, token: async () => token })],
  ['a password', byPassword],
])('a cluster that repeats %s is quoted without it', async (_, kubeconfig) => {
  const cluster = new Cluster(kubeconfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), 'c');
  const watched = async () => {
    for await (const line of cluster.lines('/api/v1/pods', {}, { idle: 60_000 })) throw new Error(line);
  };
  for (const asked of [cluster.text('POST', '/api/v1/pods'), watched()]) {
    const error = (await asked.catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toMatch(/\*\*\*.* may not do that/);
    for (const login of [token, Buffer.from(`ann:${token}`).toString('base64')])
      expect(error.message).not.toContain(login);
  }
});
