import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { loadKubeconfig, podKubeconfig, tokenKubeconfig } from './kubeconfig.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));

function write(name: string, context: string): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': context,
      clusters: [{ name: context, cluster: { server: `https://${context}.example` } }],
      users: [{ name: context, user: { token: 'secret' } }],
      contexts: [{ name: context, context: { cluster: context, user: context } }],
    }),
  );
  return path;
}

const one = write('one', 'staging');
const two = write('two', 'production');

test('a context of the second file of a list is found', () => {
  expect(loadKubeconfig([one, two].join(delimiter), 'production').getCurrentCluster()?.server).toBe(
    'https://production.example',
  );
});

test('an unknown context lists the known ones', () => {
  expect(() => loadKubeconfig(one, 'prod')).toThrow(
    `kubernetes: looking up the context "prod" in ${one} failed: the contexts there are staging. Name one of them with the input context.`,
  );
});

test('a missing file is said', () => {
  expect(() => loadKubeconfig(join(folder, 'none'), 'x')).toThrow(/there is no such file/);
});

test('a token that ends is asked for with each request', async () => {
  const tokens = ['first', 'second'];
  const config = tokenKubeconfig('one', { url: 'https://one.example/', token: async () => tokens.shift() ?? '' });
  expect(config.getCurrentCluster()?.server).toBe('https://one.example');
  for (const token of ['first', 'second']) {
    const options = { headers: { accept: 'application/json' } as Record<string, string> };
    await config.applyToHTTPSOptions(options);
    expect(options.headers).toEqual({ accept: 'application/json', Authorization: `Bearer ${token}` });
  }
});

test('a pod signs in by its account, with the token as it is now', async () => {
  const account = join(folder, 'var/run/secrets/kubernetes.io/serviceaccount');
  mkdirSync(account, { recursive: true });
  for (const [name, text] of Object.entries({ 'ca.crt': 'authority', token: 'first', namespace: 'portal' }))
    writeFileSync(join(account, name), text);
  Object.assign(process.env, { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' });
  try {
    const config = podKubeconfig(folder);
    expect(config.getCurrentCluster()?.server).toBe('https://10.0.0.1:443');
    const options = { headers: {} as Record<string, string> };
    await config.applyToHTTPSOptions(options);
    expect(options.headers['Authorization']).toBe('Bearer first');
  } finally {
    delete process.env['KUBERNETES_SERVICE_HOST'];
    delete process.env['KUBERNETES_SERVICE_PORT'];
  }
  expect(() => podKubeconfig(folder)).toThrow(/runs in no pod/);
});
