import { join } from 'node:path';
import { connectDocker } from '@fairway/clients/docker/engine';
import { awaitCondition } from './await-condition.ts';
import { bringBaseImage } from './base-image/index.ts';
import type { Parts } from './build/ensure-parts.ts';
import { startAlertmanager } from './cluster/alertmanager.ts';
import { startCluster } from './cluster/cluster.ts';
import { clusterNetwork } from './cluster/layout.ts';
import type { ClusterLayout } from './cluster/layout.ts';
import { alertmanagerFolder, clusterFolder, monitoringFolder, servicesFolder } from './folders.ts';
import type { Folders } from './folders.ts';
import { lastLines } from './last-lines.ts';
import { snapshotterFor } from './machine.ts';
import { installLogs, logParts, removeLogs } from './logs/index.ts';
import { installMesh, meshParts, removeMesh } from './mesh/index.ts';
import { installNetworkPolicy, networkPolicyParts, removeNetworkPolicy } from './network-policy/index.ts';
import type { OptionalPart } from './optional-parts.ts';
import type { PlatformState } from './platform-state.ts';
import type { Ports } from './ports.ts';
import type { Serving, ServingContext } from './serving-context.ts';
import { installServing, issuerAddresses, servingParts } from './serving/index.ts';
import type { ImageSource } from './serving/index.ts';
import { findDocker, ownDockerHost } from './services/docker.ts';
import { startServices } from './services/services.ts';
import type { RunningServices } from './services/services.ts';
import { together } from './together.ts';
import { bringDatabase } from './vulnerabilities/index.ts';
import type { Database } from './vulnerabilities/index.ts';

/** The `aud` of the platform's tokens. */
export const audience = 'fairway';
/** Release of the images that are scanned, where no public vulnerability database answers. */
const scannedRelease = 'bookworm';

export interface Given {
  readonly folders: Folders;
  readonly ports: Ports;
  readonly images: ImageSource;
  readonly without: readonly OptionalPart[];
  readonly making: Parts;
  progress(message: string): void;
}

export interface Auxiliaries extends RunningServices {
  readonly docker: PlatformState['docker'];
}

export interface ServingCluster extends Serving {
  readonly kubeconfig: string;
  readonly context: string;
}

export function folderOf(parts: ReadonlyMap<string, string>, name: string): string {
  const folder = parts.get(name);
  if (!folder) throw new Error(`part ${name} was not asked for`);
  return folder;
}

/** Waits for parts and gives what looks up their folders. */
async function partsNamed(making: Parts, names: readonly string[]): Promise<(name: string) => string> {
  const folders = new Map(await Promise.all(names.map(async name => [name, await making.ready(name)] as const)));
  return name => folderOf(folders, name);
}

/** Registry, issuer and Docker with the base image of the examples: what runs in the host's network. */
export async function startAuxiliaries(given: Given, signal: AbortSignal): Promise<Auxiliaries> {
  const { ports, progress } = given;
  const folder = servicesFolder(given.folders);
  const found = await findDocker(folder, signal);
  if (found) progress(`docker: using ${found.version} at ${found.host}`);
  const part = await partsNamed(given.making, ['sandbox', 'containers']);
  const running = await startServices({
    layout: { folder, parts: { containers: part('containers') }, ports, audience, docker: !found },
    sandbox: part('sandbox'),
    signal,
    progress,
  });
  const { host, bridge } = await connectDocker(found?.host ?? ownDockerHost(folder), signal);
  await bringBaseImage({ dockerHost: host, cacheFolder: given.folders.cache, signal, progress });
  return { ...running, docker: { host, network: bridge ? 'default' : 'host' } };
}

/** The cluster with its gateway, Prometheus in the cluster's network, and Alertmanager. */
export async function startServingCluster(given: Given, signal: AbortSignal): Promise<ServingCluster> {
  const { folders, ports, making, progress } = given;
  const part = await partsNamed(making, ['sandbox', 'pause', 'kubernetes', 'containers', 'monitoring']);
  const layout: ClusterLayout = {
    folder: clusterFolder(folders),
    parts: { kubernetes: part('kubernetes'), containers: part('containers'), monitoring: part('monitoring') },
    monitoring: monitoringFolder(folders),
    keep: [folders.state, folders.cache],
    ports,
    snapshotter: await snapshotterFor(folders.state),
  };
  const parts = { sandbox: part('sandbox'), pause: part('pause') };
  const running = await startCluster({ layout, parts, signal, progress });
  const contextWith = async (names: readonly string[], cancelled: AbortSignal): Promise<ServingContext> => ({
    ...running,
    part: await partsNamed(making, names),
    state: folders.state,
    cache: folders.cache,
    issuerUrl: issuerAddresses(ports.issuer).url,
    audience,
    issuerAddress: { ip: clusterNetwork.address, port: ports.issuer },
    gatewayNodePort: clusterNetwork.gatewayNodePort,
    signal: cancelled,
    progress,
  });
  const install = async (cancelled: AbortSignal) =>
    installServing(
      await contextWith(['kubernetes', ...servingParts(given.images).map(({ name }) => name)], cancelled),
      {
        concurrency: !given.without.includes('concurrency'),
      },
    );
  const logs = async (cancelled: AbortSignal) => {
    if (given.without.includes('logs')) return removeLogs({ ...running, signal: cancelled });
    const { node, logsNodePort } = clusterNetwork;
    const context = await contextWith(['kubernetes', ...logParts.map(({ name }) => name)], cancelled);
    return installLogs(context, { node, nodePort: logsNodePort });
  };
  const mesh = async (cancelled: AbortSignal) => {
    if (given.without.includes('mesh')) return removeMesh({ ...running, signal: cancelled });
    const names = [
      'kubernetes',
      ...servingParts(given.images).map(({ name }) => name),
      ...meshParts.map(({ name }) => name),
    ];
    const nodePort = clusterNetwork.istioGatewayNodePort;
    const gateways = given.without.includes('istio-gateway') ? undefined : { nodePort };
    return installMesh(await contextWith(names, cancelled), { gateways });
  };
  const networkPolicy = async (cancelled: AbortSignal) => {
    if (given.without.includes('network-policy')) return removeNetworkPolicy({ ...running, signal: cancelled });
    const names = networkPolicyParts.map(({ name }) => name);
    return installNetworkPolicy(await contextWith(names, cancelled));
  };
  const [serving] = await together<[Serving, void, void]>(signal, [
    async cancelled => {
      const installed = await install(cancelled);
      // after the gateway, which more waits for
      await together<[void, void]>(cancelled, [stop => gatewayAnswers(ports.gateway, stop), logs]);
      await mesh(cancelled);
      await networkPolicy(cancelled);
      return installed;
    },
    cancelled => prometheusReady(ports.prometheus, layout, cancelled),
    cancelled =>
      startAlertmanager({
        folder: alertmanagerFolder(folders),
        monitoring: layout.monitoring,
        parts: { sandbox: part('sandbox'), monitoring: part('monitoring') },
        port: ports.alertmanager,
        signal: cancelled,
      }),
  ]);
  return { ...serving, kubeconfig: running.kubeconfig, context: running.context };
}

/** A cluster that was killed and started again says of its gateway what was true before. */
function gatewayAnswers(port: number, signal: AbortSignal): Promise<void> {
  return awaitCondition({
    tool: 'gateway',
    what: `the gateway at http://127.0.0.1:${port} to answer`,
    seconds: 90,
    signal,
    check: async within => {
      // whatever it says about a path without a route
      await fetch(`http://127.0.0.1:${port}/`, { signal: within });
      return true;
    },
    advice: 'Look at the pods in the namespace envoy-gateway-system.',
  });
}

function prometheusReady(port: number, layout: ClusterLayout, signal: AbortSignal): Promise<void> {
  return awaitCondition({
    tool: 'prometheus',
    what: `prometheus at 127.0.0.1:${port}`,
    seconds: 60,
    signal,
    check: async within => {
      const { status } = await fetch(`http://127.0.0.1:${port}/-/ready`, { signal: within });
      return status === 200 || `it answers ${status}`;
    },
    said: () => lastLines(join(layout.folder, 'log/prometheus.log')),
  });
}

export async function bringVulnerabilities(given: Given, signal: AbortSignal): Promise<Database> {
  return bringDatabase({
    folder: join(given.folders.cache, 'vulnerabilities', scannedRelease),
    suite: scannedRelease,
    grype: !given.without.includes('grype'),
    // what the changelogs say is read while the scanners compile
    part: name => given.making.ready(name),
    signal,
    progress: given.progress,
  });
}
