import { KubeConfig } from '@kubernetes/client-node';
import { Cluster } from './cluster.ts';

/** The cluster that this program runs in, with the service account of its pod. */
export function connectInCluster(signal: AbortSignal): Cluster {
  const config = new KubeConfig();
  config.loadFromCluster();
  return new Cluster(config, 'in-cluster', signal);
}
