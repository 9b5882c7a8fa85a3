import type { Service } from '@fairway/service';
import { askCluster } from './ask-cluster.ts';
import type { ClusterAnswer } from './ask-cluster.ts';

/** Whether the cluster has room for the pods of the service. Without a cluster that is not asked. */
export async function roomMissing(
  inputs: { readonly kubeconfig?: string; readonly context?: string },
  service: Service,
  signal: AbortSignal,
): Promise<ClusterAnswer> {
  return askCluster(inputs, 'Whether the cluster has room for the service', signal, async cluster => {
    const { roomInCluster } = await import('@fairway/targets/workload/room');
    return roomInCluster(cluster, service);
  });
}
