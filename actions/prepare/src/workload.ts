import type { Service } from '@fairway/service';
import { missingKind } from '@fairway/targets/workload/presence';
import { askCluster } from './ask-cluster.ts';
import type { ClusterAnswer } from './ask-cluster.ts';

/** Whether the cluster serves the kind that runs the pods of the service. Without a cluster, and for a Deployment, that is not asked. */
export async function workloadMissing(
  inputs: { readonly kubeconfig?: string; readonly context?: string },
  service: Service,
  signal: AbortSignal,
): Promise<ClusterAnswer> {
  const { kind } = service.workload;
  if (kind === 'Deployment') return {};
  return askCluster(inputs, `Whether the cluster serves ${kind}`, signal, async cluster => ({
    missing: await missingKind(cluster, service),
  }));
}
