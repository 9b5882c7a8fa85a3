import type { Service } from '@fairway/service';
import { missingKind } from '@fairway/targets/workload/presence';
import { missingPullToken } from '@fairway/targets/workload/pull-token';
import { askCluster } from './ask-cluster.ts';
import type { ClusterAnswer } from './ask-cluster.ts';

/** Whether the cluster serves the kinds of object that the pods of the service take. Without a cluster, and for what each serves, that is not asked. */
export async function workloadMissing(
  inputs: { readonly kubeconfig?: string; readonly context?: string; readonly registry?: string },
  service: Service,
  signal: AbortSignal,
): Promise<ClusterAnswer> {
  const { kind } = service.workload;
  const claims = service.resources.gpu?.deviceClass !== undefined;
  const { pullToken } = service.workload;
  if (kind === 'Deployment' && !claims && !pullToken) return {};
  const asked = [
    ...(kind === 'Deployment' ? [] : [kind]),
    ...(claims ? ['claims of devices'] : []),
    ...(pullToken ? ['External Secrets'] : []),
  ].join(' and ');
  return askCluster(inputs, `Whether the cluster serves ${asked}`, signal, async cluster => ({
    missing: (await missingKind(cluster, service)) ?? (await missingPullToken(cluster, service, inputs.registry ?? '')),
  }));
}
