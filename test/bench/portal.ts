/**
 * Figures of the portal: a real API server with 5,000 nodes, 50,000 pods and 5,000 services, the backend with 40,000 deliveries in a
 * process of its own, and beside it the view of GPU capacity made anew for every request from a fetch of all nodes and pods.
 * Run with `npm run bench:portal`; the last line is one JSON object.
 */
import { mkdtemp, rm } from 'node:fs/promises';
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
import { startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { makeGpuFleet, nodeName } from './gpu-fleet.ts';
import { openLoop } from './open-loop.ts';
import { PortalProcess } from './portal-process.ts';
import { deliveriesOfEach, makeServices, pageTimes, sendDeliveries, services } from './portal-services.ts';
import type { Capacity } from './portal-process.ts';

const nodes = 5000;
const pods = 50_000;
const rate = 50;
const seconds = 20;
const changes = 10;
const fetches = 3;

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-portal-'));
  const say = (message: string) => void process.stderr.write(`${message}\n`);
  try {
    const parts = await ensureParts(
      machineParts.filter(part => part.name === 'kubernetes'),
      { folder: partsFolder(platformFolders()), signal: new AbortController().signal, progress: say },
    );
    const server = await startBareApiServer(parts.get('kubernetes') ?? '', folder);
    try {
      say(`Making ${nodes} nodes and ${pods} pods.`);
      await makeGpuFleet(server.cluster, nodes, pods);
      say(`Making ${services} services.`);
      await makeServices(server.cluster);
      process.stdout.write(`${JSON.stringify(await figures(server, folder, say))}\n`);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function figures(server: BareApiServer, folder: string, say: (message: string) => void) {
  const started = performance.now();
  const portal = await PortalProcess.start(folder, { kubeconfig: server.kubeconfig, context: server.context });
  try {
    const first = await portal.until(capacity => capacity.clusters[0]?.state === 'live', 100);
    const coldStart = (performance.now() - started) / 1000;
    say('The portal answers.');
    const visible = await changeTimes(server.cluster, portal);
    const churn = new AbortController();
    const churning = cordonAgainAndAgain(server.cluster, churn.signal);
    const times = await openLoop(rate, seconds, async () => void (await portal.capacity()));
    churn.abort();
    await churning;
    const floor = await openLoop(rate, seconds / 2, () => portal.alive());
    say(`Sending ${services * deliveriesOfEach} deliveries.`);
    const sent = performance.now();
    await sendDeliveries(portal);
    const perSecond = (services * deliveriesOfEach * 1000) / (performance.now() - sent);
    const pages = await pageTimes(portal);
    const memory = await portal.memory();
    say('The same by a fetch for every request.');
    const fetched = [];
    for (let run = 0; run < fetches; run++) fetched.push(await fetchedView(server.cluster, first));
    return {
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
async function changeTimes(cluster: Cluster, portal: PortalProcess): Promise<number[]> {
  const times = [];
  for (let change = 0; change < changes; change++) {
    const before = free(await portal.capacity());
    await cordon(cluster, nodeName(Math.floor(change / 2)), change % 2 === 0);
    const changed = performance.now();
    await portal.until(capacity => free(capacity) !== before, 5);
    times.push(performance.now() - changed);
  }
  return times;
}

/** A view that never changes would be answered from a count that was made long ago. */
async function cordonAgainAndAgain(cluster: Cluster, signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    await cordon(cluster, nodeName(100), turn % 2 === 0);
    await sleep(100);
  }
}

async function cordon(cluster: Cluster, node: string, unschedulable: boolean): Promise<void> {
  const contentType = 'application/merge-patch+json';
  await cluster.text('PATCH', `/api/v1/nodes/${node}`, { contentType, body: { spec: { unschedulable } } });
}

/** As Backstage's own Kubernetes backend does: everything is fetched for the one request. */
async function fetchedView(cluster: Cluster, expected: Capacity): Promise<number> {
  const started = performance.now();
  const [nodeList, podList] = await Promise.all(
    ['/api/v1/nodes', '/api/v1/pods'].map(path =>
      cluster.request<{ items: KubernetesObject[] }>('GET', path, { timeout: 120_000 }),
    ),
  );
  const use = new GpuUse();
  for (const pod of podList?.items ?? []) use.podChanged(undefined, keepPod(pod));
  const kept = new Map(nodeList?.items.map(node => [`/${node.metadata.name}`, keepNode(node)]));
  const pools = countPools({ cluster: 'bench', nodes: kept, slices: new Map(), claims: new Map(), use });
  const text = JSON.stringify(pools.map(({ pool }) => pool));
  const time = performance.now() - started;
  const requested = (all: readonly { readonly requested: number }[]) =>
    all.reduce((sum, one) => sum + one.requested, 0);
  if (text.length === 0 || requested(pools.map(({ pool }) => pool)) !== requested(expected.pools))
    throw new Error('The fetched view and the watched one do not say the same.');
  return time;
}

function free(capacity: Capacity): number {
  return capacity.pools.reduce((sum, pool) => sum + pool.free, 0);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

await main();
