import type { Service } from '@fairway/service';
import { ToolError } from '@fairway/clients/tool-error';
import type { WeightsAnswer } from '@fairway/targets/workload/weights';

/** Whether the cluster has what pods get the model from. Without a cluster, and for a model in the image, that is not asked. */
export async function weightsMissing(
  inputs: { readonly kubeconfig?: string; readonly context?: string },
  service: Service,
  signal: AbortSignal,
): Promise<WeightsAnswer> {
  if (!service.model.weights || !inputs.context) return {};
  const { connectCluster } = await import('@fairway/clients/kubernetes/index');
  try {
    const cluster = await connectCluster({ kubeconfig: inputs.kubeconfig, context: inputs.context, signal });
    const { weightsInCluster } = await import('@fairway/targets/workload/weights');
    return await weightsInCluster(cluster, service);
  } catch (error) {
    if (signal.aborted || !(error instanceof ToolError)) throw error;
    // building needs no cluster
    return { unknown: `Whether the cluster has the model is not known. ${error.message}` };
  }
}
