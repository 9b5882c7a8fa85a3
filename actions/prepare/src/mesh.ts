import type { Service } from '@fairway/service';
import { absence } from '@fairway/targets/mesh/istio/presence';
import { askCluster } from './ask-cluster.ts';
import type { ClusterAnswer } from './ask-cluster.ts';

/** Whether the cluster has the mesh that the service asks for. Without a cluster that is not asked. */
export async function meshMissing(
  inputs: { readonly kubeconfig?: string; readonly context?: string; readonly 'istio-revision'?: string },
  service: Service,
  signal: AbortSignal,
): Promise<ClusterAnswer> {
  if (!service.mesh) return {};
  const what = 'Whether the cluster has the mesh that the service asks for';
  return askCluster(inputs, what, signal, async cluster => ({
    missing: await absence(cluster, inputs['istio-revision'] || undefined),
  }));
}
