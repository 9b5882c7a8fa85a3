import { cp, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { runCommand } from '@fairway/platform/command';
import { bringParts } from '../bring-parts.ts';
import { parseManifest } from '@fairway/platform/serving/manifests';
import { platformTemplate } from '@fairway/platform/serving/overlay';
import { applyDefinitions, startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { elasticOperatorDefinitions, istioDefinitions, prometheusOperatorDefinitions } from '../upstream-parts.ts';

jest.setTimeout(240_000);

/** The modules of the repositories whose files upstream/ names: go.sum vouches for what the addresses must hold. */
const modules = {
  'envoyproxy/gateway': { part: 'gateway-definitions', folder: 'charts/gateway-helm/charts/crds' },
  'prometheus-operator/prometheus-operator': { part: 'prometheus-operator', folder: '' },
  'elastic/cloud-on-k8s': { part: 'elastic-operator', folder: 'config/crds' },
  'istio/istio': { part: 'istio-definitions', folder: '' },
} as const;

let parts: ReadonlyMap<string, string>;
let folder: string;
let server: BareApiServer;
const { signal } = new AbortController();

beforeAll(async () => {
  parts = await bringParts(
    ['kubernetes', 'gateway-definitions'],
    [prometheusOperatorDefinitions, elasticOperatorDefinitions, istioDefinitions],
  );
  folder = await mkdtemp(join(tmpdir(), 'fairway-template-'));
  server = await startBareApiServer(parts.get('kubernetes')!, folder);
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});

/** What a team may write into overlays/production by lines alone, and kinds that are there then. */
const choices = [
  { choice: 'as it is', change: {}, kinds: ['Gateway', 'EnvoyProxy', 'Prometheus', 'Alertmanager', 'Elasticsearch'] },
  {
    choice: 'with mutual TLS by Istio',
    change: { add: ['istio', 'mesh-identity', 'mesh.yaml'] },
    kinds: ['EnvoyProxy', 'MutatingWebhookConfiguration', 'Sidecar'],
  },
  {
    choice: 'with an Istio of its own that has no sidecars',
    change: { add: ['ambient.yaml'] },
    kinds: ['EnvoyProxy'],
  },
  {
    choice: 'with Istio as the gateway',
    change: { add: ['istio', 'istio-gateway', 'rate-limit'], leaveOut: ['envoy-gateway', 'gateway'] },
    kinds: ['EnvoyFilter', 'RequestAuthentication', 'Gateway'],
  },
  {
    choice: 'with its own Redis and PostgreSQL',
    change: { own: ['redis', 'postgres'] },
    kinds: ['Gateway', 'EnvoyProxy'],
  },
] satisfies readonly { choice: string; change: Change; kinds: readonly string[] }[];

test('an API server takes every object of the production overlay, with the custom resources that upstream/ names', async () => {
  const { cluster } = server;
  const upstream = (await Promise.all((await addresses()).map(fileOf))).flat();
  const definitions = upstream.filter(({ kind }) => kind === 'CustomResourceDefinition');
  await applyDefinitions(cluster, definitions);

  for (const { choice, change, kinds } of choices) {
    const objects = await production(change);
    expect({ choice, kinds: objects.map(({ kind }) => kind) }).toEqual({
      choice,
      kinds: expect.arrayContaining([...kinds]),
    });
    await applyObjects(
      cluster,
      objects.filter(({ kind }) => kind === 'Namespace'),
    );
    // unknown fields are errors
    await applyObjects(cluster, objects, { dryRun: true });
    // a change of an object must not need its deletion: the same folder is applied again and again
    await applyObjects(cluster, objects);
    await applyObjects(cluster, objects);
  }
});

test('no image of the production overlay is without a version, and those of ours ask for a digest', async () => {
  const all = await Promise.all(choices.map(({ change }) => production(change)));
  const images = JSON.stringify(all).matchAll(/"image":"([^"]+)"/g);
  const names = [...new Set([...images].map(([, name]) => name!))];
  expect(names).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^quay\.io\/keycloak\/keycloak:26\./),
      expect.stringMatching(/\/pilot:1\.31\./),
    ]),
  );
  for (const name of names)
    expect(name).toMatch(
      /^registry\.example\.com\/fairway\/[a-z-]+@sha256:0{64}$|^[a-z.]+\/[a-z/-]+:v?\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$|:(distroless-v[\d.]+|[0-9a-f]{8})@sha256:[0-9a-f]{64}$/,
    );
});

test('TLS and the issuer of a team are those of either gateway', async () => {
  for (const { change } of choices) {
    const objects = await production(change);
    const shared = objects.filter(({ metadata }) => metadata.namespace === 'fairway-system');
    const text = JSON.stringify(shared);
    expect(shared.filter(({ kind }) => kind === 'Gateway').map(({ spec }) => spec)).toEqual([
      expect.objectContaining({
        listeners: [
          expect.objectContaining({ protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'gateway-certificate' }] } }),
        ],
      }),
    ]);
    expect(text).toContain('"issuer":"https://login.example.com/realms/fairway"');
  }
});

test('a team leaves out any part but the namespaces by its line', async () => {
  const all = (await production({})).length;
  const lines = await partLines();
  expect(lines).toEqual(expect.arrayContaining(['gateway', 'keycloak', 'log-store']));
  for (const line of lines) {
    const { length } = await production({ leaveOut: [line] });
    expect({ line, fewer: length < all }).toEqual({ line, fewer: true });
  }
});

test('what a team has already takes the place of a part by its line', async () => {
  const own = await readdir(join(platformTemplate, 'own'));
  expect(await partLines()).toEqual(expect.arrayContaining(own));
  for (const name of own) {
    const services = (await production({ own: [name] })).filter(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === name && metadata.namespace !== 'fairway-identity',
    );
    expect(services.map(({ spec }) => spec)).toEqual([expect.objectContaining({ type: 'ExternalName' })]);
  }
});

/** Names of parts by which a team changes lines of overlays/production/kustomization.yaml. */
interface Change {
  readonly leaveOut?: readonly string[];
  /** That stand there as comments, the patch of mesh.yaml included. */
  readonly add?: readonly string[];
  readonly own?: readonly string[];
}

/** The objects of the production overlay after a team changed its lines. */
async function production({ leaveOut = [], add = [], own = [] }: Change): Promise<readonly KubernetesObject[]> {
  // kustomize compares real paths
  const copy = await realpath(await mkdtemp(join(folder, 'template-')));
  await cp(platformTemplate, copy, { recursive: true });
  const file = join(copy, 'overlays/production/kustomization.yaml');
  const change = (text: string, from: RegExp, to: string) => {
    expect(text).toMatch(from);
    return text.replace(from, to);
  };
  let text = await readFile(file, 'utf8');
  for (const name of leaveOut) text = change(text, new RegExp(`^  - \\.\\./\\.\\./parts/${name}\n`, 'm'), '');
  for (const name of own) text = change(text, new RegExp(`/parts/${name}$`, 'm'), `/own/${name}`);
  for (const name of add)
    text = name.endsWith('.yaml')
      ? change(text, new RegExp(`^  # (- path: ${name})\n  #(.*)$`, 'm'), '  $1\n $2')
      : change(text, new RegExp(`^  # (- \\.\\./\\.\\./parts/${name})$`, 'm'), '  $1');
  await writeFile(file, text);
  const objects = await runCommand(
    join(parts.get('kubernetes')!, 'kubectl'),
    ['kustomize', join(copy, 'overlays/production')],
    { signal },
  );
  return parseManifest(objects, 'overlays/production');
}

async function partLines(): Promise<readonly string[]> {
  const text = await readFile(join(platformTemplate, 'overlays/production/kustomization.yaml'), 'utf8');
  const { resources } = parse(text) as { resources: readonly string[] };
  return resources.map(path => path.split('/').at(-1)!).filter(name => name !== 'namespaces');
}

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
    /^https:\/\/raw\.githubusercontent\.com\/([^/]+\/[^/]+)\/(v?\d[^/]+)\/(.+)$/.exec(address) ?? [];
  if (!repository) {
    expect(address).toMatch(/\/\d+\.\d+\.\d+\//);
    return [];
  }
  const { part, folder: inside } = modules[repository as keyof typeof modules];
  const made = parts.get(part)!;
  const { versions } = JSON.parse(await readFile(join(made, 'manifest.json'), 'utf8')) as {
    versions: Readonly<Record<string, string>>;
  };
  // Istio releases no module
  const released = repository === 'istio/istio' ? expect.stringMatching(/^v0\.0\.0-/) : version;
  expect({ address, versions: Object.values(versions) }).toEqual({ address, versions: [released] });
  const file = join(made, path.slice(inside.length));
  return parseManifest(await readFile(file, 'utf8'), address);
}
