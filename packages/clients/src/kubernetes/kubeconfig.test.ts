import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { delimiter, join } from 'node:path';
import { Cluster } from './cluster.ts';
import { loadKubeconfig, podKubeconfig, tokenKubeconfig } from './kubeconfig.ts';
import { newFolder } from '../../../../test/fixtures/new-folder.ts';

const folder = newFolder();

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

test('a pipe is not waited for', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(() => loadKubeconfig([one, pipe].join(delimiter), 'staging')).toThrow(
    `reading ${pipe} failed: it is no regular file`,
  );
});

test('of a name in several files the first counts, as the documentation of Kubernetes has it', () => {
  const again = join(folder, 'again');
  writeFileSync(
    again,
    JSON.stringify({
      clusters: [
        { name: 'staging', cluster: { server: 'https://second.example' } },
        { name: 'other', cluster: { server: 'https://other.example' } },
      ],
      users: [{ name: 'staging', user: { token: 'second' } }],
      contexts: [
        { name: 'staging', context: { cluster: 'other', user: 'staging' } },
        { name: 'mixed', context: { cluster: 'other', user: 'staging' } },
      ],
    }),
  );
  const files = [one, again].join(delimiter);
  expect(loadKubeconfig(files, 'staging').getCurrentCluster()?.server).toBe('https://staging.example');
  const mixed = loadKubeconfig(files, 'mixed');
  expect([mixed.getCurrentCluster()?.server, mixed.getCurrentUser()?.token]).toEqual([
    'https://other.example',
    'secret',
  ]);
});

test('what kubectl takes: an address without TLS, and a context without a user', async () => {
  const plain = join(folder, 'plain');
  writeFileSync(
    plain,
    `clusters: [{ name: c, cluster: { server: 'http://127.0.0.1:8001' } }, { name: d, cluster: { server: 'https://d.example', certificate-authority-data: Y2E= } }]
contexts: [{ name: proxy, context: { cluster: c } }, { name: lone, context: { cluster: d } }, { name: gone, context: { cluster: d, user: gone } }]`,
  );
  await loadKubeconfig(plain, 'proxy').applyToHTTPSOptions({});
  for (const context of ['lone', 'gone']) {
    const options: RequestOptions = {};
    await loadKubeconfig(plain, context).applyToHTTPSOptions(options);
    expect(String(options.ca)).toBe('ca');
  }
});

test('a file that is no YAML is not quoted, since it may hold a token', () => {
  const broken = join(folder, 'broken');
  writeFileSync(broken, 'users:\n- name: u\n  user: { token: hunter2, [\n');
  expect(() => loadKubeconfig(broken, 'x')).toThrow(/The file must be a kubeconfig\.$/);
  expect(() => loadKubeconfig(broken, 'x')).not.toThrow(/hunter2/);
});

test('a login that cannot be made is not called a cluster that does not answer', async () => {
  const users = {
    absent: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-login' } },
    failing: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'ls', args: ['/no/such/folder'] } },
    file: { 'client-certificate': 'none.crt', 'client-key': 'none.key' },
  };
  const file = join(folder, 'logins');
  writeFileSync(
    file,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://c.example' } }],
      users: Object.entries(users).map(([name, user]) => ({ name, user })),
      contexts: Object.keys(users).map(user => ({ name: user, context: { cluster: 'c', user } })),
    }),
  );
  const said = (context: string) =>
    new Cluster(loadKubeconfig(file, context), context)
      .open('GET', '/version', { headers: {}, body: Buffer.alloc(0), signal: AbortSignal.timeout(10_000) })
      .catch((error: Error) => error.message);
  expect(await said('absent')).toMatch(
    /ENOENT\. Nothing was sent: the kubeconfig signs in with the program "no-such-login"/,
  );
  expect(await said('failing')).toMatch(/No such file or directory\. Nothing was sent: .* program "ls"/);
  expect(await said('file')).toMatch(/none\.crt' Nothing was sent: the kubeconfig names this for its login/);
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
