import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { writeObjects } from './folder.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'fairway-rendering-')), 'out');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const account: KubernetesObject = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'a', name: 'a' } };
const route: KubernetesObject = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { namespace: 'a', name: 'a-chat' },
  spec: { hostnames: ['on'], flags: 'yes' },
};
const deployment = (revision: string): KubernetesObject => {
  const labels = { 'fairway.dev/revision': revision };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'a', name: `a-${revision}`, labels },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } },
  };
};

async function resources(): Promise<string[]> {
  const text = await readFile(join(folder, 'kustomization.yaml'), 'utf8');
  return (parse(text) as { resources: string[] }).resources;
}

async function files(): Promise<string[]> {
  const found = await readdir(folder, { recursive: true });
  return found.filter(name => name.endsWith('.yaml') && name !== 'kustomization.yaml').sort();
}

test('every object is one file of its version or of the service, and the list has them in the order of the stages', async () => {
  await writeObjects(folder, new Map([['mesh', [route]]]));
  await writeObjects(folder, new Map([['deploy', [account, deployment('0011')]]]));
  expect(await resources()).toEqual([
    'deploy/serviceaccount.a.a.yaml',
    'versions/0011/deploy/deployment.a.a-0011.yaml',
    'mesh/httproute.a.a-chat.yaml',
  ]);
  expect(await files()).toEqual((await resources()).toSorted());
});

test('what a YAML 1.1 reader takes for a boolean or a number stays text, and no file has an anchor', async () => {
  await writeObjects(folder, new Map([['deploy', [deployment('0011'), route]]]));
  for (const file of await files()) {
    const text = await readFile(join(folder, file), 'utf8');
    expect(text).not.toMatch(/[&*]a\d/);
    expect([deployment('0011'), route]).toContainEqual(parse(text, { version: '1.1' }));
  }
});

test('a version that is to go takes all its files with it, and what others rendered stays', async () => {
  const policy = { ...route, kind: 'NetworkPolicy', metadata: deployment('0011').metadata };
  await writeObjects(folder, new Map([['deploy', [account, deployment('0011')]]]));
  await writeObjects(folder, new Map([['mesh', [route, policy]]]));
  await writeObjects(folder, new Map([['deploy', [account, deployment('0022')]]]), ['0022', '0011']);
  expect(await files()).toContain('versions/0011/mesh/networkpolicy.a.a-0011.yaml');
  const { removed } = await writeObjects(folder, new Map([['deploy', [account, deployment('0033')]]]), [
    '0033',
    '0022',
  ]);
  expect([...removed].sort()).toEqual([
    'versions/0011/deploy/deployment.a.a-0011.yaml',
    'versions/0011/mesh/networkpolicy.a.a-0011.yaml',
  ]);
  expect(await files()).toEqual((await resources()).toSorted());
  expect(await resources()).toContain('mesh/httproute.a.a-chat.yaml');
});

test('an object that is rendered no more goes, and the same objects give the same folder', async () => {
  await writeObjects(folder, new Map([['deploy', [account, deployment('0011')]]]));
  const before = await readFile(join(folder, 'kustomization.yaml'), 'utf8');
  expect(await writeObjects(folder, new Map([['deploy', [account, deployment('0011')]]]))).toMatchObject({
    removed: [],
  });
  expect(await readFile(join(folder, 'kustomization.yaml'), 'utf8')).toBe(before);
  await writeObjects(folder, new Map([['deploy', [deployment('0011')]]]));
  expect(await files()).toEqual(['versions/0011/deploy/deployment.a.a-0011.yaml']);
});

test('a folder with an autoscaler has the rules of its adapter, which no kustomization applies, for as long as there is one', async () => {
  const autoscaler = { ...deployment('0011'), apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' };
  await writeObjects(folder, new Map([['deploy', [account, autoscaler]]]));
  await writeObjects(folder, new Map([['mesh', [route]]]));
  const { rules } = parse(await readFile(join(folder, 'prometheus-adapter.yaml'), 'utf8')) as { rules: object[] };
  expect(rules).toHaveLength(3);
  expect(await resources()).not.toContain('prometheus-adapter.yaml');
  const { removed } = await writeObjects(folder, new Map([['deploy', [account]]]));
  expect(removed).toContain('prometheus-adapter.yaml');
  expect(await files()).not.toContain('prometheus-adapter.yaml');
});

test.each([
  ['a file of somebody', 'notes.md', 'hello', /holds notes\.md without a kustomization\.yaml of Fairway's/],
  ['a kustomization of somebody', 'kustomization.yaml', 'resources: []\n', /kustomization\.yaml is not Fairway's/],
])('a folder with %s is left as it is', async (_name, file, text, message) => {
  await mkdir(folder);
  await writeFile(join(folder, file), text);
  await expect(writeObjects(folder, new Map([['deploy', [account]]]))).rejects.toThrow(message);
  expect(await readdir(folder)).toEqual([file]);
});
