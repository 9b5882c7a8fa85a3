import type { Service } from '@fairway/service';
import { ToolError } from '@fairway/clients/tool-error';
import { missingKind } from '@fairway/targets/workload/presence';

export interface WorkloadAnswer {
  /** Why the cluster cannot run the pods, as a paragraph. */
  readonly missing?: string;
  /** Why nobody knows, as a paragraph. */
  readonly unknown?: string;
}

/** Whether the cluster serves the kind that runs the pods of the service. Without a cluster, and for a Deployment, that is not asked. */
export async function workloadMissing(
  inputs: { readonly kubeconfig?: string; readonly context?: string },
  service: Service,
  signal: AbortSignal,
): Promise<WorkloadAnswer> {
  if (service.workload.kind === 'Deployment' || !inputs.context) return {};
  const { connectCluster } = await import('@fairway/clients/kubernetes/index');
  try {
    const cluster = await connectCluster({ kubeconfig: inputs.kubeconfig, context: inputs.context, signal });
    return { missing: await missingKind(cluster, service) };
  } catch (error) {
    if (signal.aborted || !(error instanceof ToolError)) throw error;
    // building needs no cluster
    return { unknown: `Whether the cluster serves ${service.workload.kind} is not known. ${error.message}` };
  }
}
