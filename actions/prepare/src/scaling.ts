import type { Service } from '@fairway/service';
import { askCluster } from './ask-cluster.ts';
import type { ClusterAnswer } from './ask-cluster.ts';

/** Whether the cluster has what scales the service. Without a cluster, and for a service without `scaling`, that is not asked. */
export async function scalingMissing(
  inputs: { readonly kubeconfig?: string; readonly context?: string },
  service: Service,
  signal: AbortSignal,
): Promise<ClusterAnswer> {
  if (!service.scaling) return {};
  return askCluster(inputs, 'Whether the cluster has what scales the service', signal, async cluster => {
    const { missingScaler } = await import('@fairway/targets/workload/scaler');
    return missingScaler(cluster, service);
  });
}
