import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { applyObjects } from '@fairway/clients/kubernetes/apply';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';

/**
 * Gives objects the state they had before this run: those that were not there go, the others get their old spec.
 * Answers what was done.
 */
export async function putBack(
  cluster: Cluster,
  applied: readonly KubernetesObject[],
  before: readonly (KubernetesObject | undefined)[],
): Promise<Reason> {
  // in reverse: a route must be gone before the policy that guards it
  for (const [index, object] of [...applied.entries()].reverse()) if (!before[index]) await cluster.remove(object);
  const old = before
    .filter(object => object !== undefined)
    .map(({ apiVersion, kind, metadata, spec, data }) => ({
      apiVersion,
      kind,
      metadata: {
        name: metadata.name,
        namespace: metadata.namespace,
        labels: metadata.labels,
        ...(metadata.annotations ? { annotations: metadata.annotations } : {}),
        ...(metadata.ownerReferences ? { ownerReferences: metadata.ownerReferences } : {}),
      },
      ...(spec ? { spec } : {}),
      ...(data ? { data } : {}),
    }));
  if (old.length === 0) return reasonOf('mesh.removed');
  await applyObjects(cluster, old);
  return reasonOf('mesh.putBack');
}
