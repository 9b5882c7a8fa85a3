import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabel, serviceLabels } from '@fairway/clients/kubernetes/names';

const versioned = [
  ['policy/v1', 'PodDisruptionBudget'],
  ['v1', 'Service'],
  ['apps/v1', 'Deployment'],
] as const;

/** Removes every version but the released one, and answers which they were. Their pods end by themselves, streams first. */
export async function retireOthers(
  cluster: Cluster,
  service: { readonly namespace: string; readonly name: string },
  released: string,
): Promise<readonly string[]> {
  const retired = new Set<string>();
  for (const [apiVersion, kind] of versioned) {
    for (const object of await cluster.list(apiVersion, kind, service.namespace, serviceLabels(service.name))) {
      const revision = object.metadata.labels?.[revisionLabel];
      if (!revision || revision === released) continue;
      await cluster.remove(object);
      retired.add(revision);
    }
  }
  return [...retired];
}
