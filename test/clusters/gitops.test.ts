import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { renderService } from '@fairway/cli/render';
import { loadStage } from '@fairway/cli/stages';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { Cluster, Condition, Deployment, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { releasedAnnotation, releasedAtAnnotation, revisionLabel } from '@fairway/clients/kubernetes/names';
import { bringParts } from '../bring-parts.ts';
import { runCommand } from '@fairway/platform/command';
import { applyCustomResources } from '@fairway/platform/serving/custom-resources';
import { parseManifest } from '@fairway/platform/serving/manifests';
import type { GivenInputs } from '@fairway/stage';
import { silentRuntime } from '@fairway/stage/testing/silent-runtime';
import { WeightTraffic } from '@fairway/targets/gateway/traffic';
import { applyDefinitions, startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { githubDouble } from '../github/double.ts';
import type { GithubDouble } from '../github/double.ts';
import { condition, gatewayApi, programmedGateway, setStatus } from '../programmed-gateway.ts';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { serviceFolder } from '../service-folder.ts';
import { prometheusOperatorDefinitions } from '../upstream-parts.ts';

// promtool tests every rule
jest.setTimeout(600_000);

const image = `registry.example.com/team/assistant@sha256:${'ab'.repeat(32)}`;
const { signal } = new AbortController();

let parts: ReadonlyMap<string, string>;
let root: string;
let server: BareApiServer;
let issuer: ReturnType<typeof createServer>;
let given: GivenInputs;

beforeAll(async () => {
  parts = await bringParts(['kubernetes', 'gateway-definitions', 'monitoring'], [prometheusOperatorDefinitions]);
  root = await mkdtemp(join(tmpdir(), 'fairway-gitops-'));
  await mkdir(join(root, 'server'));
  server = await startBareApiServer(parts.get('kubernetes')!, join(root, 'server'));
  await applyCustomResources(server.cluster, parts.get('gateway-definitions')!, signal, () => undefined);
  const operator = await readFile(join(parts.get('prometheus-operator')!, 'bundle.yaml'), 'utf8');
  const definitions = parseManifest(operator, 'bundle.yaml').filter(({ kind }) => kind === 'CustomResourceDefinition');
  await applyDefinitions(server.cluster, definitions);
  await programmedGateway(server.cluster, 'infra');
  issuer = createServer((_request, response) =>
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 3600 })),
  ).listen(0, '127.0.0.1');
  await new Promise(resolve => issuer.once('listening', resolve));
  given = {
    image,
    kubeconfig: server.kubeconfig,
    context: server.context,
    gateway: 'infra/public',
    issuer: 'https://login.example.com',
    audience: 'inference',
    'jwks-url': 'https://login.example.com/jwks',
    'jwks-service': 'infra/login:80',
    'waf-service': 'infra/waf:9003',
    // as far as nobody asks them
    'gateway-url': 'http://127.0.0.1:9',
    'token-url': `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/token`,
    'client-id': 'fairway',
    'client-secret': 'secret',
    promtool: join(parts.get('monitoring')!, 'usr/bin/promtool'),
  };
});

afterAll(async () => {
  issuer?.close();
  await server?.stop();
  await rm(root, { recursive: true });
});

test('kubectl makes of the folder what deploy, mesh and monitor apply', async () => {
  const { cluster } = server;
  // one that deploy made would be taken away again, and nobody here ends that
  await applyObjects(cluster, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'plain' } }], {
    fieldManager: 'administrator',
  });
  const folder = await service('plain', '', 1);
  const to = join(root, 'plain-rendered');
  const { written, notes } = await renderService(given, () => silentRuntime(folder), loadStage, to);
  expect(notes).toEqual([]);
  const made = await kustomized(to);
  expect(made).toHaveLength(written.length);
  expect(JSON.stringify(made)).toContain(image);
  expect(made.filter(({ kind, status }) => kind === 'Secret' || status !== undefined)).toEqual([]);

  // without a node nothing gets ready, and what was applied is in the evidence
  const deployed = await runLoadedStage('deploy', folder, given);
  expect(deployed).toMatchObject({ verdict: 'fail', reason: expect.stringMatching(/waiting for a node/) });
  const applied = JSON.parse(await readFile(evidence(folder, 'deploy/objects.json'), 'utf8')) as KubernetesObject[];

  await applyObjects(cluster, namespacesFirst(made));
  const revision = revisionOf(made);
  // those that stand are left alone
  for (const grant of made.filter(({ kind }) => kind === 'ReferenceGrant')) await cluster.remove(grant);
  // no controller takes the routes
  expect(await runLoadedStage('mesh', folder, { ...given, revision })).toMatchObject({
    verdict: 'fail',
    reason: expect.stringMatching(/the gateway controller has not looked at it/),
  });
  const inFront = await readFile(evidence(folder, 'mesh/objects.yaml'), 'utf8');
  const front = parseAllDocuments(inFront).map(one => one.toJS() as KubernetesObject);

  const watching = made.filter(({ kind }) => ['PrometheusRule', 'ServiceMonitor'].includes(kind));
  expect(watching).toHaveLength(2);
  for (const object of watching) await cluster.remove(object);
  expect(await runLoadedStage('monitor', folder, { ...given, revision })).toMatchObject({ verdict: 'inconclusive' });
  for (const object of watching) expect((await cluster.get(object))?.['spec']).toEqual(object['spec']);

  const monitored = made.filter(({ kind }) => [...watching.map(one => one.kind), 'ConfigMap'].includes(kind));
  expect(byName([...applied, ...front, ...monitored])).toEqual(byName(made));
  for (const object of made) if (object.kind !== 'Namespace') await cluster.remove(object);
});

test('with apply.by gitops the stages write files, wait for whoever applies them, and patch weights alone', async () => {
  const { cluster } = server;
  const deployments = join(root, 'deployments');
  const folder = await service('fleet', 'apply: { by: gitops, folder: ../deployments, maxSeconds: 3 }\n');
  const first = await runLoadedStage('deploy', folder, given);
  expect(first.verdict).toBe('inconclusive');
  expect(first.reason).toMatch(/After 3 s the cluster has not what .*deployments holds: Namespace fleet is not there/);
  expect(await cluster.get({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fleet' } })).toBeUndefined();

  const controller = follow(cluster, deployments);
  try {
    await service('fleet', 'apply: { by: gitops, folder: ../deployments, maxSeconds: 60 }\n');
    const one = await runLoadedStage('deploy', folder, given);
    expect(one).toMatchObject({ verdict: 'pass', outputs: { previous: '', pods: '2' } });
    await rendered(folder, deployments);
    const routes = await traffic(cluster, 'fleet');
    await until(async () => (await routes.shares()).get(one.outputs['revision']!) === 100);

    await service(
      'fleet',
      'apply: { by: gitops, folder: ../deployments, maxSeconds: 60 }\nserving: { sequences: 8 }\n',
    );
    const two = await runLoadedStage('deploy', folder, given);
    expect(two).toMatchObject({ verdict: 'pass', outputs: { previous: one.outputs['revision'] } });
    await rendered(folder, deployments);
    const [before, now] = [one.outputs['revision']!, two.outputs['revision']!];
    await until(async () => (await routes.shares()).has(now));
    expect(Object.fromEntries(await routes.shares())).toEqual({ [before]: 100, [now]: 0 });

    const route = { apiVersion: gatewayApi, kind: 'HTTPRoute', metadata: { namespace: 'fleet', name: 'fleet-chat' } };
    const entered = await cluster.get(route);
    // prettier-ignore
    await routes.set(new Map([[now, 25], [before, 75]]));
    expect(Object.fromEntries(await routes.shares())).toEqual({ [before]: 75, [now]: 25 });
    const moved = await cluster.get(route);
    expect(withoutWeights(moved)).toEqual(withoutWeights(entered));
    // whoever applies the route goes on owning it
    expect(moved?.metadata.managedFields?.map(({ manager }) => manager)).toContain('controller');

    // prettier-ignore
    await routes.set(new Map([[now, 100], [before, 0]]));
    const released = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: 'fleet', name: `fleet-${now}` },
    };
    await cluster.annotate(released, { [releasedAnnotation]: 'd', [releasedAtAnnotation]: new Date().toISOString() });
    const { removed } = await rendered(folder, deployments);
    expect(removed.filter(path => path.includes(before))).toHaveLength(3);
    const gone = { ...released, metadata: { namespace: 'fleet', name: `fleet-${before}` } };
    await until(async () => (await cluster.get(gone)) === undefined);
    await until(async () => (await routes.shares()).size === 1);
    expect(Object.fromEntries(await routes.shares())).toEqual({ [now]: 100 });

    const names = new Set<string>();
    for (const object of await kustomized(deployments))
      for (const { manager } of (await cluster.get(object))?.metadata.managedFields ?? []) names.add(manager ?? '');
    expect(names).not.toContain('fairway');
  } finally {
    await controller.stop();
  }
});

test('with apply.repository a delivery goes on when its pull request is merged, and by commits at once', async () => {
  const { cluster } = server;
  const permissions = { contents: 'write', pull_requests: 'write' } as const;
  const github = await githubDouble({ repository: 'team/deployments', tokens: { 'secret-token': { permissions } } });
  // read when the library is first loaded
  process.env['GITHUB_API_URL'] = github.url;
  const where = 'folder: clusters/a/proposed, repository: team/deployments';
  const inputs = { ...given, 'gitops-token': 'secret-token' };
  const folder = await service('proposed', `apply: { by: gitops, ${where}, maxSeconds: 3 }\n`);
  const checkout = join(root, 'checkout');
  await mkdir(checkout);
  const [pulling, controller] = [pull(github, 'clusters/a/proposed', checkout), follow(cluster, checkout)];
  try {
    const waits = await runLoadedStage('deploy', folder, inputs);
    expect(waits.verdict).toBe('inconclusive');
    expect(waits.reason).toMatch(/pull request https:\/\/github.com\/team\/deployments\/pull\/\d+ waits: merge it/);
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'proposed' } };
    expect(await cluster.get(namespace)).toBeUndefined();
    const [proposal] = github.pulls;
    expect(proposal).toMatchObject({ state: 'open', base: 'main' });

    github.merge(proposal?.number ?? 0);
    await service('proposed', `apply: { by: gitops, ${where}, maxSeconds: 60 }\n`);
    const one = await runLoadedStage('deploy', folder, inputs);
    expect(one).toMatchObject({ verdict: 'pass', outputs: { previous: '', pods: '2' } });
    expect(github.pulls).toHaveLength(1);

    const more = 'serving: { sequences: 8 }';
    await service('proposed', `apply: { by: gitops, ${where}, as: commit, maxSeconds: 60 }\n${more}\n`);
    const two = await runLoadedStage('deploy', folder, inputs);
    expect(two).toMatchObject({ verdict: 'pass' });
    expect(two.outputs['revision']).not.toBe(one.outputs['revision']);
    expect(github.pulls).toHaveLength(1);
    // what was there before is the others'
    expect(github.files('main')?.get('README.md')).toBe('hello');
    const { metadata } = (await cluster.get({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: 'proposed', name: `proposed-${two.outputs['revision']}` },
    }))!;
    expect(metadata.managedFields?.map(({ manager }) => manager)).not.toContain('fairway');
  } finally {
    await pulling.stop();
    await controller.stop();
    await github.close();
  }
});

/** @param seconds after which a pod that does not start is given up */
async function service(name: string, more: string, seconds = 60): Promise<string> {
  return serviceFolder(
    root,
    name,
    `model: { name: ${name}, reference: 'hf://team/${name}@${'0'.repeat(40)}' }
resources: { replicas: 2 }
startup: { schedulingSeconds: ${seconds} }
access: { hostname: ${name}.example.com }
${more}`,
  );
}

function rendered(folder: string, to: string) {
  return renderService(given, () => silentRuntime(folder), loadStage, to);
}

function evidence(folder: string, name: string): string {
  return join(folder, '.fairway/evidence', name);
}

async function kustomized(folder: string): Promise<readonly KubernetesObject[]> {
  const text = await runCommand(join(parts.get('kubernetes')!, 'kubectl'), ['kustomize', folder], { signal });
  return parseManifest(text, folder);
}

function namespacesFirst(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return [...objects].sort((a, b) => Number(b.kind === 'Namespace') - Number(a.kind === 'Namespace'));
}

function revisionOf(objects: readonly KubernetesObject[]): string {
  return objects.find(({ kind }) => kind === 'Deployment')?.metadata.labels?.[revisionLabel] ?? '';
}

function byName(objects: readonly KubernetesObject[]): Readonly<Record<string, KubernetesObject>> {
  // kustomize leaves out what is empty
  const named = objects
    .map(({ metadata: { annotations, ...metadata }, ...one }) => {
      const some = annotations && Object.keys(annotations).length > 0 ? { annotations } : {};
      return { ...one, metadata: { ...metadata, ...some } } as KubernetesObject;
    })
    .map(one => [`${one.kind} ${one.metadata.namespace ?? ''}/${one.metadata.name}`, one] as const);
  expect(new Set(named.map(([name]) => name)).size).toBe(named.length);
  return Object.fromEntries(named.sort(([a], [b]) => a.localeCompare(b)));
}

function traffic(cluster: Cluster, name: string): WeightTraffic {
  return new WeightTraffic(cluster, { namespace: name, name }, signal);
}

function withoutWeights(object: KubernetesObject | undefined): unknown {
  const text = JSON.stringify(object?.['spec'], (key, value: unknown) => (key === 'weight' ? 0 : value));
  return JSON.parse(text);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries === 300) throw new Error('it did not come about within 60 s');
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}

/**
 * What a GitOps controller does: applies a folder when its content changed, and removes what is in it no more. It also says of Deployments that their
 * pods are ready and of routes that they were taken, since nobody else in this cluster does.
 */
function follow(cluster: Cluster, folder: string): { stop(): Promise<void> } {
  const stopped = new AbortController();
  let applied: readonly KubernetesObject[] = [];
  let content = '';
  let unreadable: unknown;
  const key = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.namespace}/${metadata.name}`;
  const running = (async () => {
    while (!stopped.signal.aborted) {
      const found = await contentOf(folder);
      if (found !== content) {
        const objects = await kustomized(folder).catch((error: unknown) => void (unreadable = error));
        // a folder that is being written, which a commit never is: applied too early, it would be applied again later, and move weights back
        if (objects && found === (await contentOf(folder))) {
          const options = { fieldManager: 'controller', force: true };
          await applyObjects(cluster, namespacesFirst(objects), options);
          const there = new Set(objects.map(key));
          for (const object of applied) if (!there.has(key(object))) await cluster.remove(object);
          [applied, content, unreadable] = [objects, found, undefined];
        }
      }
      for (const object of applied) await taken(cluster, object);
      await new Promise(resolve => setTimeout(resolve, 200));
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await running;
      if (unreadable !== undefined) throw unreadable;
    },
  };
}

/** Brings the branch main of a repository to a folder whenever it changed, as a controller does before it applies. */
function pull(github: GithubDouble, path: string, folder: string): { stop(): Promise<void> } {
  const stopped = new AbortController();
  let commit = '';
  const running = (async () => {
    while (!stopped.signal.aborted) {
      const newest = github.commits('main')[0]?.sha ?? '';
      const files = [...(github.files('main') ?? [])].filter(([name]) => name.startsWith(`${path}/`));
      if (newest !== commit && files.length > 0) {
        const texts = new Map(files.map(([name, text]) => [name.slice(path.length + 1), text]));
        for (const [name, text] of texts) {
          await mkdir(dirname(join(folder, name)), { recursive: true });
          await writeFile(join(folder, name), text);
        }
        for (const name of await filesOf(folder)) if (!texts.has(name)) await rm(join(folder, name));
        commit = newest;
      }
      await new Promise(resolve => setTimeout(resolve, 200));
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}

async function contentOf(folder: string): Promise<string> {
  const files = await filesOf(folder);
  const texts = await Promise.all(files.map(name => readFile(join(folder, name), 'utf8').catch(() => '')));
  return texts.join('');
}

async function filesOf(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.yaml')).sort();
}

async function taken(cluster: Cluster, object: KubernetesObject): Promise<void> {
  const live = await cluster.get<Deployment>(object);
  const { generation } = live?.metadata ?? {};
  if (!live) return;
  if (object.kind === 'Deployment' && live.status?.observedGeneration !== generation) {
    const replicas = live.spec?.replicas;
    const all = { replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
    await setStatus(cluster, object, { observedGeneration: generation, ...all });
  }
  const { parents } = (live.status ?? {}) as { parents?: readonly { conditions: readonly Condition[] }[] };
  if (object.kind === 'HTTPRoute' && parents?.[0]?.conditions[0]?.observedGeneration !== generation) {
    const parentRef = { name: 'public', namespace: 'infra' };
    const conditions = ['Accepted', 'ResolvedRefs'].map(type => condition(type, generation));
    const controllerName = 'gateway.envoyproxy.io/gatewayclass-controller';
    await setStatus(cluster, object, { parents: [{ parentRef, controllerName, conditions }] });
  }
}
