import type { Service } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import type { Permission } from '@fairway/clients/kubernetes/permissions';
import { workloadKind } from '@fairway/clients/kubernetes/workload-kinds';
import { missingClaims } from './claims.ts';

/** Why the cluster cannot run the pods of a service, as a paragraph; undefined when it serves the kinds of object that they take. */
export async function missingKind(cluster: Cluster, service: Service): Promise<Reason | undefined> {
  const { apiVersion, kind, project } = workloadKind(service.workload.kind);
  if (project === undefined || (await cluster.serves(apiVersion, kind))) return missingClaims(cluster, service);
  return reasonOf('missing.kind', { context: cluster.context, kind, version: apiVersion, project });
}

/** Rights on what runs the pods of a service, and on Deployments, which its earlier versions may be. */
export function workloadPermissions(
  { namespace, workload }: Service,
  verbs: readonly Permission['verb'][],
): readonly Permission[] {
  const kinds = [...new Set(['Deployment', workload.kind])].map(workloadKind);
  return kinds.flatMap(({ group, resource }) => permissions(verbs, group, [resource], namespace));
}
