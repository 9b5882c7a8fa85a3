import { X509Certificate } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { openInference } from '@fairway/clients/inference/index';
import { connectCluster, isReady } from '@fairway/clients/kubernetes/index';
import type { Cluster, Deployment, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { serviceLabels } from '@fairway/clients/kubernetes/names';
import { prometheus } from '@fairway/clients/prometheus/index';
import { loadService } from '@fairway/service';
import { WeightTraffic } from '@fairway/targets/gateway/traffic';
import { anotherVersion, editService } from '../e2e/example-copy.ts';
import { fairway } from '../e2e/fairway-command.ts';
import { platform } from '../e2e/platform.ts';
import { removeService } from '../remove-service.ts';
import { copyFaultyService } from './faulty-service.ts';
import { withUsers } from './with-users.ts';

jest.setTimeout(30 * 60_000);

const name = 'hello-mesh';
const hostname = 'hello-mesh.test';
const signal = new AbortController().signal;
const endpoint = openInference(platform.gateway.url);
const istiod = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: 'istio-system', name: 'istiod' } };
const shortLived = {
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'ProxyConfig',
  metadata: { namespace: 'istio-system', name: 'short-lived' },
};
const identity = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'fairway-system', name: 'mesh-identity' },
};
let folder: string;
let cluster: Cluster;

interface ConfigMap extends KubernetesObject {
  readonly data: Readonly<Record<string, string>>;
}

beforeAll(async () => {
  expectPass(await fairway(['platform', 'up', '--with', 'mesh', '--with', 'network-policy']));
  cluster = await connectCluster(platform.kubernetes);
  // certificates that are renewed every half minute, for all pods of the mesh that start from now on
  await applyObjects(cluster, [{ ...shortLived, spec: { environmentVariables: { SECRET_TTL: '1m' } } }]);
  await restart(identity);
  folder = await copyFaultyService(name, hostname, text => `${text}\nmesh: { mtls: istio }\n`);
  expectPass(await fairway(['deliver', folder, '--json', '--to', 'monitor']));
});

afterAll(async () => {
  endpoint.close();
  await removeService(platform, name);
  await rm(folder, { recursive: true });
  await cluster.remove(shortLived);
  await restart(identity);
  if (!platform.mesh) await fairway(['platform', 'up', '--without', 'mesh', '--without', 'network-policy']);
});

function expectPass(result: Awaited<ReturnType<typeof fairway>>) {
  if (result.code !== 0) throw new Error(`${JSON.stringify(result.stages.at(-1))}\n${result.stderr.slice(-3000)}`);
  return result;
}

async function patch(object: KubernetesObject, body: object): Promise<void> {
  await cluster.request('PATCH', await cluster.path(object), { body, contentType: 'application/merge-patch+json' });
}

async function restart(deployment: KubernetesObject): Promise<void> {
  await patch(deployment, {
    spec: { template: { metadata: { annotations: { restarted: new Date().toISOString() } } } },
  });
  await ready(deployment);
}

async function ready(deployment: KubernetesObject): Promise<void> {
  for (const end = Date.now() + 120_000; ; await sleep(500)) {
    const found = await cluster.get<Deployment>(deployment);
    if (found && isReady(found)) return;
    if (Date.now() > end) throw new Error(`${deployment.metadata.name} did not get ready`);
  }
}

async function gatewaySerial(): Promise<string> {
  const secret = await cluster.get<ConfigMap>({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: 'fairway-system', name: 'gateway-identity' },
  });
  return new X509Certificate(Buffer.from(secret!.data['tls.crt']!, 'base64')).serialNumber;
}

it('lets in the gateway alone, and has a network that keeps everybody else away', async () => {
  const text = await readFile(join(folder, '.fairway/evidence/mesh/probes.json'), 'utf8');
  const { probes } = JSON.parse(text) as { probes: { name: string; holds: boolean; seen: string }[] };
  const seen = (part: string) => probes.find(probe => probe.name.includes(part))?.seen;
  expect(probes.every(({ holds }) => holds)).toBe(true);
  expect(seen('another identity')).toBe('HTTP 403');
  expect(seen('plain text')).toMatch(/ECONNRESET|closed without an answer/);
  expect(seen('foreign certificate')).toMatch(/ERR_SSL|ECONNRESET/);
  expect(seen('not of the gateway')).toMatch(/ECONNREFUSED|no connection/);
});

it("gives Prometheus the engine's metrics and none of the proxy's", async () => {
  const server = prometheus(platform.prometheus.url, signal);
  const count = async (query: string) => Number((await server.query(`count(${query})`))[0]?.value ?? 0);
  for (
    const end = Date.now() + 60_000;
    Date.now() < end && !(await count(`{service="${name}",__name__=~"llamacpp:.*"}`));
  )
    await sleep(1000);
  expect(await count(`{service="${name}",__name__=~"llamacpp:.*"}`)).toBeGreaterThan(0);
  expect(await count(`{service="${name}",__name__=~"envoy_.*"}`)).toBe(0);
});

it('renews the certificates of the gateway and of the pods under load without an error', async () => {
  const serials = new Set<string>();
  const { errors, answers } = await withUsers(endpoint, hostname, async () => {
    for (const end = Date.now() + 150_000; Date.now() < end; await sleep(1000)) serials.add(await gatewaySerial());
  });
  const [pod] = await cluster.list('v1', 'Pod', name, serviceLabels(name));
  const path = `${await cluster.path(pod!)}/log`;
  const log = await cluster.text('GET', path, { query: { container: 'istio-proxy' } });
  const renewed = log.match(/generated new workload certificate/g)?.length ?? 0;
  process.stderr.write(
    `${[...answers.values()].join('+')} answers over ${serials.size} certificates of the gateway and ${renewed} of the pod\n`,
  );
  expect(errors).toEqual([]);
  expect(serials.size).toBeGreaterThanOrEqual(3);
  expect(renewed).toBeGreaterThanOrEqual(3);
});

it('moves users to the next version by weights, and loses none', async () => {
  const traffic = new WeightTraffic(cluster, await loadService(folder), signal);
  const [before = ''] = (await traffic.shares()).keys();
  await editService(folder, anotherVersion);
  const { result: next, ...alone } = await withUsers(endpoint, hostname, async () => {
    const result = await fairway(['deliver', folder, '--json', '--from', 'deploy', '--to', 'mesh']);
    return expectPass(result).stages.find(({ stage }) => stage === 'deploy')!.outputs['revision']!;
  });
  const split = async (weight: number) => {
    await traffic.set(
      new Map([
        [before, 100 - weight],
        [next, weight],
      ]),
    );
    // the gateway has taken the weights and its threads get them one by one
    await sleep(2000);
    return withUsers(endpoint, hostname, () => sleep(20_000));
  };
  const [shared, moved] = [await split(25), await split(100)];
  expect([...alone.errors, ...shared.errors, ...moved.errors]).toEqual([]);
  expect([...alone.answers.keys()]).toEqual([before]);
  expect([...moved.answers.keys()]).toEqual([next]);
  const share = shared.answers.get(next)! / (shared.answers.get(next)! + shared.answers.get(before)!);
  process.stderr.write(`${Math.round(share * 100)} % of the users at weight 25\n`);
  // six standard deviations of 200 draws
  expect(Math.abs(share - 0.25)).toBeLessThan(0.18);
});

it('goes on without istiod', async () => {
  await patch(istiod, { spec: { replicas: 0 } });
  try {
    const { errors, answers } = await withUsers(endpoint, hostname, () => sleep(15_000));
    expect(errors).toEqual([]);
    expect([...answers.values()][0]).toBeGreaterThan(100);
  } finally {
    await patch(istiod, { spec: { replicas: 1 } });
    await ready(istiod);
  }
});
