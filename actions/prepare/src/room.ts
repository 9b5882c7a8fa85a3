import type { Service } from '@fairway/service';
import { ToolError } from '@fairway/clients/tool-error';
import type { RoomAnswer } from '@fairway/targets/workload/room';

/** Whether the cluster has room for the pods of the service. Without a cluster that is not asked. */
export async function roomMissing(
  inputs: { readonly kubeconfig?: string; readonly context?: string },
  service: Service,
  signal: AbortSignal,
): Promise<RoomAnswer> {
  if (!inputs.context) return {};
  const { connectCluster } = await import('@fairway/clients/kubernetes/index');
  try {
    const cluster = await connectCluster({ kubeconfig: inputs.kubeconfig, context: inputs.context, signal });
    const { roomInCluster } = await import('@fairway/targets/workload/room');
    return await roomInCluster(cluster, service);
  } catch (error) {
    if (signal.aborted || !(error instanceof ToolError)) throw error;
    // building needs no cluster
    return { unknown: `Whether the cluster has room for the service is not known. ${error.message}` };
  }
}
