import type { Service } from '@fairway/service';
import { ToolError } from '@fairway/clients/tool-error';
import { absence } from '@fairway/targets/mesh/istio/presence';

export interface MeshAnswer {
  /** Why the pods of the service cannot be members of a mesh, as a paragraph. */
  readonly missing?: string;
  /** Why nobody knows, as a paragraph. */
  readonly unknown?: string;
}

/** Whether the cluster has the mesh that the service asks for. Without a cluster that is not asked. */
export async function meshMissing(
  inputs: { readonly kubeconfig?: string; readonly context?: string; readonly 'istio-revision'?: string },
  service: Service,
  signal: AbortSignal,
): Promise<MeshAnswer> {
  if (!service.mesh || !inputs.context) return {};
  const { connectCluster } = await import('@fairway/clients/kubernetes/index');
  try {
    const cluster = await connectCluster({ kubeconfig: inputs.kubeconfig, context: inputs.context, signal });
    return { missing: await absence(cluster, inputs['istio-revision'] || undefined) };
  } catch (error) {
    if (signal.aborted || !(error instanceof ToolError)) throw error;
    // building needs no cluster
    return { unknown: `Whether the cluster has the mesh that the service asks for is not known. ${error.message}` };
  }
}
