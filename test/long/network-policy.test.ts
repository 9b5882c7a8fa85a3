import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openInference } from '@fairway/clients/inference/index';
import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { managedLabels } from '@fairway/clients/kubernetes/names';
import type { Pod } from '@fairway/clients/kubernetes/workload';
import { prometheus } from '@fairway/clients/prometheus/index';
import { expectPass, fairway } from '../e2e/fairway-command.ts';
import { platform } from '../e2e/platform.ts';
import { removeService } from '../remove-service.ts';
import { copyFaultyService } from './faulty-service.ts';
import { withUsers } from './with-users.ts';

jest.setTimeout(20 * 60_000);

const name = 'hello-network';
const hostname = 'hello-network.test';
const signal = new AbortController().signal;
const endpoint = openInference(platform.gateway.url);
let folder: string;
let cluster: Cluster;

beforeAll(async () => {
  expectPass(await fairway(['platform', 'up', '--with', 'network-policy']));
  cluster = await connectCluster(platform.kubernetes);
  folder = await copyFaultyService(name, hostname, text => `${text}\nnetwork: { from: gateway }\n`);
  expectPass(await fairway(['deliver', folder, '--json', '--to', 'monitor']));
});

afterAll(async () => {
  endpoint.close();
  await removeService(platform, name);
  await rm(folder, { recursive: true });
  await fairway(['platform', 'up', '--without', 'network-policy']);
});

/** Whether a pod of a team gets a connection, as services/mesh-probe prints it. */
async function reached(host: string, port: number): Promise<{ readonly connected: boolean; readonly seen: string }> {
  const pod: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `reach-${port}`, namespace: name, labels: managedLabels },
    spec: {
      automountServiceAccountToken: false,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'probe',
          image: platform.guard!.image,
          imagePullPolicy: 'IfNotPresent',
          args: ['/services/mesh-probe.mjs'],
          env: [
            { name: 'HOST', value: host },
            { name: 'PORT', value: String(port) },
          ],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
  await applyObjects(cluster, [pod]);
  try {
    for (const end = Date.now() + 90_000; ; await sleep(500)) {
      const phase = (await cluster.get<Pod>(pod))?.status?.phase;
      if (phase === 'Succeeded') break;
      if (phase === 'Failed' || Date.now() > end) throw new Error(`the pod that tries ${host}:${port} is ${phase}`);
    }
    return JSON.parse(await cluster.text('GET', `${await cluster.path(pod)}/log`)) as Awaited<
      ReturnType<typeof reached>
    >;
  } finally {
    await cluster.remove(pod);
  }
}

it.each([
  ['the firewall', 'waf.fairway-system.svc', 9003],
  ['the cache', 'cache.fairway-system.svc', 9005],
  ['Redis', 'redis.fairway-system.svc', 6379],
  ['the rate limit service', 'envoy-ratelimit.envoy-gateway-system.svc', 8081],
  ["the ledger's database", 'postgres.fairway-ledger.svc', 5432],
  ['the log store', 'log-store.fairway-logs.svc', 9200],
])('a pod of a team gets no connection to %s', async (_, host, port) => {
  if (host.startsWith('log-store') && !platform.logs) return;
  expect(await reached(host, port)).toEqual({
    connected: false,
    seen: expect.stringMatching(/ECONNREFUSED|no connection/),
  });
});

it('a pod of a team gets a connection where no policy is, so that the others say something', async () => {
  expect(await reached('kube-dns.kube-system.svc', 53)).toMatchObject({ connected: true });
});

it('the engine is reached by its gateway alone, and mesh has tried', async () => {
  const { probes } = JSON.parse(await readFile(join(folder, '.fairway/evidence/mesh/probes.json'), 'utf8')) as {
    probes: readonly { readonly name: string; readonly seen: string }[];
  };
  expect(probes.find(probe => probe.name.includes('not of the gateway'))?.seen).toMatch(/ECONNREFUSED|no connection/);
});

it('what needs the parts goes on: users, limits, the ledger, metrics and logs', async () => {
  const { errors, answers } = await withUsers(endpoint, hostname, () => sleep(5000));
  expect(errors).toEqual([]);
  expect([...answers.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20);

  const server = prometheus(platform.prometheus.url, signal);
  const seen = async (query: string) => Number((await server.query(query))[0]?.value ?? 0);
  // the scrape of the engine, which has the same port as its answers
  await eventually(async () => (await seen(`min(up{service="${name}"})`)) === 1);
  await eventually(async () => {
    const { stdout } = await fairway(['usage', '--by', 'service']);
    return stdout.includes(name);
  });
  if (platform.logs) expect((await fairway(['logs', folder])).code).toBe(0);
});

// the last: what kube-router wrote stays and keeps a pod that is new from these, unless it goes too
it('leaves nothing in the packet filter when it is switched off', async () => {
  expectPass(await fairway(['platform', 'up', '--without', 'network-policy']));
  expect(await reached('cache.fairway-system.svc', 9005)).toMatchObject({ connected: true });
});

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await holds()); await sleep(1000))
    if (Date.now() > end) throw new Error('It has not come true within a minute.');
}
