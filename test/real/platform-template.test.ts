import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { machineParts } from '@fairway/platform/machine-parts';
import type { Part } from '@fairway/platform/parts';
import { servingParts } from '@fairway/platform/serving/parts';
import { parseManifest } from '@fairway/platform/serving/manifests';
import { platformTemplate, renderOverlay } from '@fairway/platform/serving/overlay';
import { applyDefinitions, startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { elasticOperatorDefinitions, prometheusOperatorDefinitions } from '../upstream-parts.ts';

jest.setTimeout(240_000);

/** The modules of the repositories whose files upstream/ names: go.sum vouches for what the addresses must hold. */
const modules = {
  'envoyproxy/gateway': { part: 'gateway-definitions', folder: 'charts/gateway-helm/charts/crds' },
  'prometheus-operator/prometheus-operator': { part: 'prometheus-operator', folder: '' },
  'elastic/cloud-on-k8s': { part: 'elastic-operator', folder: 'config/crds' },
} as const;

const needed: readonly Part[] = [
  ...[...machineParts, ...servingParts('packages')].filter(({ name }) =>
    ['kubernetes', 'gateway-definitions'].includes(name),
  ),
  prometheusOperatorDefinitions,
  elasticOperatorDefinitions,
];

let parts: ReadonlyMap<string, string>;
let folder: string;
let server: BareApiServer;
const { signal } = new AbortController();

beforeAll(async () => {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'fairway/parts');
  parts = await ensureParts(needed, { folder: cache, signal, progress: () => undefined });
  folder = await mkdtemp(join(tmpdir(), 'fairway-template-'));
  server = await startBareApiServer(parts.get('kubernetes')!, folder);
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});

test('an API server takes every object of the production overlay, with the custom resources that upstream/ names', async () => {
  const { cluster } = server;
  const upstream = (await Promise.all((await addresses()).map(fileOf))).flat();
  const definitions = upstream.filter(({ kind }) => kind === 'CustomResourceDefinition');
  await applyDefinitions(cluster, definitions);

  const objects = await renderOverlay(parts.get('kubernetes')!, { of: 'overlays/production' }, signal);
  const kinds = new Set(objects.map(({ kind }) => kind));
  for (const kind of ['Gateway', 'EnvoyProxy', 'Prometheus', 'Alertmanager', 'Elasticsearch'])
    expect(kinds).toContain(kind);
  await applyObjects(
    cluster,
    objects.filter(({ kind }) => kind === 'Namespace'),
  );
  // unknown fields are errors
  await applyObjects(cluster, objects, { dryRun: true });
  // a change of an object must not need its deletion: the same folder is applied again and again
  await applyObjects(cluster, objects);
  await applyObjects(cluster, objects);
});

test('no image of the production overlay is without a version, and those of ours ask for a digest', async () => {
  const objects = await renderOverlay(parts.get('kubernetes')!, { of: 'overlays/production' }, signal);
  const images = JSON.stringify(objects).matchAll(/"image":"([^"]+)"/g);
  const names = [...new Set([...images].map(([, name]) => name!))];
  expect(names).toEqual(expect.arrayContaining([expect.stringMatching(/^quay\.io\/keycloak\/keycloak:26\./)]));
  for (const name of names)
    expect(name).toMatch(
      /^registry\.example\.com\/fairway\/[a-z-]+@sha256:0{64}$|^[a-z.]+\/[a-z/-]+:v?\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$|distroless-v[\d.]+@sha256:[0-9a-f]{64}$/,
    );
});

test('a team leaves out any part but the namespaces, or replaces it, by its line', async () => {
  const text = await readFile(join(platformTemplate, 'overlays/production/kustomization.yaml'), 'utf8');
  const { resources } = parse(text) as { resources: readonly string[] };
  const own = await readdir(join(platformTemplate, 'own'));
  const lines = resources.filter(path => !path.endsWith('/namespaces'));
  expect(lines.map(path => path.split('/').at(-1))).toEqual(expect.arrayContaining(own));
});

/** What upstream/ names, by its kustomizations. */
async function addresses(): Promise<readonly string[]> {
  const root = join(platformTemplate, 'upstream');
  const files = (await readdir(root, { recursive: true })).filter(name => name.endsWith('kustomization.yaml'));
  const all = await Promise.all(
    files.map(async name => (parse(await readFile(join(root, name), 'utf8')) as { resources: string[] }).resources),
  );
  return all.flat().filter(one => one.startsWith('https://'));
}

/** The file at an address, out of the module of that version; of files that are in no module nothing is known here. */
async function fileOf(address: string): Promise<readonly KubernetesObject[]> {
  const [, repository = '', version = '', path = ''] =
    /^https:\/\/raw\.githubusercontent\.com\/([^/]+\/[^/]+)\/(v[^/]+)\/(.+)$/.exec(address) ?? [];
  if (!repository) {
    expect(address).toMatch(/\/\d+\.\d+\.\d+\//);
    return [];
  }
  const { part, folder: inside } = modules[repository as keyof typeof modules];
  const made = parts.get(part)!;
  const { versions } = JSON.parse(await readFile(join(made, 'manifest.json'), 'utf8')) as {
    versions: Readonly<Record<string, string>>;
  };
  expect({ address, versions: Object.values(versions) }).toEqual({ address, versions: [version] });
  const file = join(made, path.slice(inside.length));
  return parseManifest(await readFile(file, 'utf8'), address);
}
