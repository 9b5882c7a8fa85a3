import type { Service } from '@fairway/service';
import { askCluster } from './ask-cluster.ts';
import type { ClusterAnswer } from './ask-cluster.ts';

/** Whether the cluster has what pods get the model from. Without a cluster, and for a model in the image that no volume hides, that is not asked. */
export async function weightsMissing(
  inputs: { readonly kubeconfig?: string; readonly context?: string },
  service: Service,
  signal: AbortSignal,
): Promise<ClusterAnswer> {
  const { weights, adapters = [] } = service.model;
  if (!weights && service.workload.kind !== 'LLMInferenceService' && adapters.every(({ secret }) => !secret)) return {};
  return askCluster(inputs, 'Whether the cluster has the model', signal, async cluster => {
    const { weightsInCluster } = await import('@fairway/targets/workload/weights');
    return weightsInCluster(cluster, service);
  });
}
