/**
 * Figures of the portal: 5,000 nodes, 50,000 pods and 5,000 services in clusters that are a real API server each, the backend with
 * 40,000 deliveries in a process of its own, and beside it the view of GPU capacity made anew for every request from a fetch of all
 * nodes and pods. A real Alertmanager has 20 alerts of each cluster, which has an address of its own there.
 * Run with `npm run bench:portal -- [clusters]`, default 20; the last line is one JSON object.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder, platformFolders } from '@fairway/platform/folders';
import { machineParts } from '@fairway/platform/machine-parts';
import { percentile } from './percentile.ts';
import { countPools } from '../../plugins/fairway-backend/src/cluster/gpu-pools.ts';
import { GpuUse } from '../../plugins/fairway-backend/src/cluster/gpu-use.ts';
import { keepNode } from '../../plugins/fairway-backend/src/cluster/watched-node.ts';
import { keepPod } from '../../plugins/fairway-backend/src/cluster/watched-pod.ts';
import { startAlertmanager } from '../alertmanager.ts';
import { startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { makeGpuFleet, nodeName } from './gpu-fleet.ts';
import { openLoop } from './open-loop.ts';
import { postAlerts } from './portal-alerts.ts';
import { PortalProcess } from './portal-process.ts';
import { deliveriesOfEach, makeServices, pageTimes, sendDeliveries, services } from './portal-services.ts';
import type { Capacity } from './portal-process.ts';

const clusterCount = Number(process.argv[2] ?? 20);
const nodes = 5000;
const pods = 50_000;
const rate = 50;
const seconds = 20;
const changes = 10;
const fetches = 3;

interface NamedCluster extends BareApiServer {
  readonly name: string;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-portal-'));
  const say = (message: string) => void process.stderr.write(`${message}\n`);
  try {
    const parts = await ensureParts(
      machineParts.filter(({ name }) => name === 'kubernetes' || name === 'monitoring'),
      { folder: partsFolder(platformFolders()), signal: new AbortController().signal, progress: say },
    );
    const clusters: NamedCluster[] = [];
    const servers: { stop(): Promise<void> }[] = [];
    try {
      for (let index = 0; index < clusterCount; index++) {
        say(`Making the cluster ${index + 1} of ${clusterCount}.`);
        const name = `cluster-${index}`;
        await mkdir(join(folder, name));
        const server = await startBareApiServer(parts.get('kubernetes') ?? '', join(folder, name));
        servers.push(server);
        clusters.push({ ...server, name });
        await makeGpuFleet(server.cluster, nodes / clusterCount, pods / clusterCount);
      }
      say(`Making ${services} services.`);
      await makeServices(clusters.map(({ cluster }) => cluster));
      const configuration = 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n';
      const alerts = await startAlertmanager(parts.get('monitoring') ?? '', folder, configuration);
      servers.push(alerts);
      await postAlerts(
        alerts.url,
        clusters.map(({ name }) => name),
      );
      process.stdout.write(`${JSON.stringify(await figures(clusters, alerts.url, folder, say))}\n`);
    } finally {
      for (const server of servers) await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function figures(
  servers: readonly NamedCluster[],
  alertsUrl: string,
  folder: string,
  say: (message: string) => void,
) {
  const clusters = servers.map(({ cluster }) => cluster);
  const started = performance.now();
  const portal = await PortalProcess.start(
    folder,
    servers.map(({ name, kubeconfig, context }) => {
      const filter = new URLSearchParams({ filter: `cluster="${name}"` });
      return { name, kubeconfig, context, alertmanagerUrl: `${alertsUrl}/?${filter}` };
    }),
  );
  try {
    const first = await portal.until(capacity => capacity.clusters.every(({ state }) => state === 'live'), 100);
    const coldStart = (performance.now() - started) / 1000;
    say('The portal answers.');
    const visible = await changeTimes(clusters, portal);
    const churn = new AbortController();
    const churning = cordonAgainAndAgain(clusters, churn.signal);
    const times = await openLoop(rate, seconds, async () => void (await portal.capacity()));
    churn.abort();
    await churning;
    const floor = await openLoop(rate, seconds / 2, () => portal.alive());
    say(`Sending ${services * deliveriesOfEach} deliveries.`);
    const sent = performance.now();
    await sendDeliveries(portal, clusters);
    const perSecond = (services * deliveriesOfEach * 1000) / (performance.now() - sent);
    const pages = await pageTimes(portal);
    const memory = await portal.memory();
    say('The same by a fetch for every request.');
    const fetched = [];
    for (let run = 0; run < fetches; run++) fetched.push(await fetchedView(clusters, first));
    return {
      portal_clusters: clusters.length,
      portal_cold_start_s: round(coldStart),
      portal_p50_ms: round(percentile(times, 50)),
      portal_p99_ms: round(percentile(times, 99)),
      // what an answer without any content takes: the noise of the machine
      portal_alive_p99_ms: round(percentile(floor, 99)),
      portal_change_visible_ms: Math.round(Math.max(...visible)),
      ...pages,
      portal_deliveries_stored_per_s: Math.round(perSecond),
      portal_memory_mb: memory.now,
      portal_memory_most_mb: memory.most,
      fetched_ms: Math.round(percentile(fetched, 50)),
      fetched_ratio: Math.round(percentile(fetched, 50) / percentile(times, 50)),
    };
  } finally {
    await portal.stop();
  }
}

/** Milliseconds from the cluster's answer to a change until the portal shows it. */
async function changeTimes(clusters: readonly Cluster[], portal: PortalProcess): Promise<number[]> {
  const times = [];
  for (let change = 0; change < changes; change++) {
    const before = free(await portal.capacity());
    const node = Math.floor(change / 2);
    await cordon(clusters[node % clusters.length]!, nodeName(node), change % 2 === 0);
    const changed = performance.now();
    await portal.until(capacity => free(capacity) !== before, 5);
    times.push(performance.now() - changed);
  }
  return times;
}

/** A view that never changes would be answered from a count that was made long ago. */
async function cordonAgainAndAgain(clusters: readonly Cluster[], signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    const [pair, cordons] = [Math.floor(turn / 2), turn % 2 === 0];
    await cordon(clusters[pair % clusters.length]!, nodeName(100), cordons);
    await sleep(100);
  }
}

async function cordon(cluster: Cluster, node: string, unschedulable: boolean): Promise<void> {
  const contentType = 'application/merge-patch+json';
  await cluster.text('PATCH', `/api/v1/nodes/${node}`, { contentType, body: { spec: { unschedulable } } });
}

/** As Backstage's own Kubernetes backend does: everything is fetched for the one request. */
async function fetchedView(clusters: readonly Cluster[], expected: Capacity): Promise<number> {
  const started = performance.now();
  const counted = await Promise.all(clusters.map(fetchedPools));
  const pools = counted.flat();
  const text = JSON.stringify(pools.map(({ pool }) => pool));
  const time = performance.now() - started;
  const requested = (all: readonly { readonly requested: number }[]) =>
    all.reduce((sum, one) => sum + one.requested, 0);
  if (text.length === 0 || requested(pools.map(({ pool }) => pool)) !== requested(expected.pools))
    throw new Error('The fetched view and the watched one do not say the same.');
  return time;
}

async function fetchedPools(cluster: Cluster) {
  const [nodeList, podList] = await Promise.all(
    ['/api/v1/nodes', '/api/v1/pods'].map(path =>
      cluster.request<{ items: KubernetesObject[] }>('GET', path, { timeout: 120_000 }),
    ),
  );
  const use = new GpuUse();
  for (const pod of podList?.items ?? []) use.podChanged(undefined, keepPod(pod));
  const kept = new Map(nodeList?.items.map(node => [`/${node.metadata.name}`, keepNode(node)]));
  return countPools({ cluster: 'bench', nodes: kept, slices: new Map(), claims: new Map(), use });
}

function free(capacity: Capacity): number {
  return capacity.pools.reduce((sum, pool) => sum + pool.free, 0);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

await main();
