import type { Service } from '@fairway/service';
import { askCluster } from './ask-cluster.ts';
import type { ClusterAnswer } from './ask-cluster.ts';

/** What others have put at the pods of the service. Without a cluster that is not asked. */
export async function othersAtPods(
  inputs: { readonly kubeconfig?: string; readonly context?: string },
  service: Service,
  signal: AbortSignal,
): Promise<ClusterAnswer> {
  return askCluster(inputs, 'What others have put at the pods of the service', signal, async cluster => {
    const { ofOthers } = await import('@fairway/targets/workload/of-others');
    return ofOthers(cluster, service);
  });
}
