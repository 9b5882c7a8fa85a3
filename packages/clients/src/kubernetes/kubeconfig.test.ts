import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { loadKubeconfig } from './kubeconfig.ts';

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
