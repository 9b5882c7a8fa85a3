import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { bringParts } from '../bring-parts.ts';
import { runCommand } from '@fairway/platform/command';
import { parseManifest } from '@fairway/platform/serving/manifests';
import { startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';

jest.setTimeout(240_000);

const root = join(__dirname, '../..');
const manifests = join(root, 'packages/backend/kubernetes');
const { signal } = new AbortController();
let folder: string;
let server: BareApiServer;
let objects: readonly KubernetesObject[];

beforeAll(async () => {
  const parts = await bringParts(['kubernetes']);
  folder = await mkdtemp(join(tmpdir(), 'fairway-portal-manifests-'));
  server = await startBareApiServer(parts.get('kubernetes')!, folder);
  const text = await runCommand(join(parts.get('kubernetes')!, 'kubectl'), ['kustomize', manifests], { signal });
  objects = parseManifest(text, manifests);
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});

const one = (kind: string) => {
  const found = objects.find(object => object.kind === kind);
  if (!found) throw new Error(`The manifests have no ${kind}.`);
  return found;
};

test('an API server takes every object, twice, and knows each of its fields', async () => {
  const { cluster } = server;
  await applyObjects(cluster, [one('Namespace')]);
  await applyObjects(cluster, objects, { dryRun: true });
  await applyObjects(cluster, objects);
  await applyObjects(cluster, objects);
  expect(objects.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['Deployment', 'Service', 'PodDisruptionBudget', 'NetworkPolicy', 'ClusterRoleBinding']),
  );
});

test('its pod is one that the restricted standard of Kubernetes admits', async () => {
  const { metadata, spec } = (one('Deployment').spec as { template: { metadata: object; spec: object } }).template;
  const pod = (change: object): KubernetesObject => ({
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name: 'portal', namespace: 'fairway-portal', ...metadata },
    spec: { ...spec, ...change },
  });
  await applyObjects(server.cluster, [pod({})], { dryRun: true });
  // the standard is enforced: another pod is rejected
  await expect(applyObjects(server.cluster, [pod({ hostNetwork: true })], { dryRun: true })).rejects.toThrow(
    /violates PodSecurity "restricted/,
  );
});

test('the pods that policy, service and budget choose are those of the Deployment', () => {
  const { template } = one('Deployment').spec as { template: { metadata: { labels: Record<string, string> } } };
  const chosen = [
    (one('Service').spec as { selector: object }).selector,
    (one('NetworkPolicy').spec as { podSelector: { matchLabels: object } }).podSelector.matchLabels,
    (one('PodDisruptionBudget').spec as { selector: { matchLabels: object } }).selector.matchLabels,
  ];
  for (const labels of chosen) expect(template.metadata.labels).toMatchObject(labels);
});

test('every variable of the configuration is an address or a key of the secret that the documentation names', async () => {
  const read = (path: string) => readFile(join(root, path), 'utf8');
  const [configuration, addresses, documentation] = await Promise.all(
    ['app-config.production.yaml', 'packages/backend/kubernetes/addresses.env', 'docs/portal.md'].map(read),
  );
  // the configuration of the company has clusters of its own
  const asked = configuration!.slice(0, configuration!.indexOf('  clusters:')).matchAll(/\$\{(\w+)\}/g);
  const secret = /^kubectl create secret generic portal [\s\S]*?(?=\n\n|```)/m.exec(documentation!)?.[0] ?? '';
  const given = [...`${addresses}\n${secret.replaceAll('--from-literal=', '\n')}`.matchAll(/^(\w+)=/gm)];
  expect(new Set(given.map(([, name]) => name))).toEqual(new Set([...asked].map(([, name]) => name)));
});
