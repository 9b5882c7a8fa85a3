import { join } from 'node:path';
import type { Ports } from '../ports.ts';

/** Addresses inside the cluster. They exist only in its own network, so they collide with nothing of the machine. */
export const clusterNetwork = {
  node: 'fairway',
  bridge: 'node0',
  address: '10.99.0.1',
  prefix: 24,
  pods: '10.244.0.0/16',
  nodePods: '10.244.0.0/24',
  services: '10.96.0.0/16',
  firstService: '10.96.0.1',
  dns: '10.96.0.10',
  domain: 'cluster.local',
  gatewayNodePort: 30080,
  istioGatewayNodePort: 30081,
  logsNodePort: 30920,
} as const;

/** What the cluster is made of and where. */
export interface ClusterLayout {
  /** Removed when the platform goes down. */
  readonly folder: string;
  /** Folders of the built parts. */
  readonly parts: { readonly kubernetes: string; readonly containers: string; readonly monitoring: string };
  /** Kept between runs: the rules and targets that stages write, and the measured series. */
  readonly monitoring: string;
  /** All parts and the state: must stay visible inside whatever is hidden there. */
  readonly keep: readonly string[];
  readonly ports: Ports;
  /** containerd's way to keep layers: `overlayfs`, or `native` where the state itself lies on an overlay. */
  readonly snapshotter: 'overlayfs' | 'native';
}

export function certificatesFolder(layout: Pick<ClusterLayout, 'folder'>): string {
  return join(layout.folder, 'pki');
}

export const contextName = 'fairway';
export const pauseImage = 'fairway.dev/pause:1';

/** Node's name for the processor as Debian's library folders have it. */
export function libraryTriplet(): string {
  return process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
}
