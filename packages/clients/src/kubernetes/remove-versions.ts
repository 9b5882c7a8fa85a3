import type { Cluster } from './cluster.ts';
import { revisionLabel, serviceLabels } from './names.ts';

const versioned = [
  ['policy/v1', 'PodDisruptionBudget'],
  ['v1', 'Service'],
  ['apps/v1', 'Deployment'],
] as const;

/** Removes versions of a service and answers which they were. Their pods end by themselves. */
export async function removeVersions(
  cluster: Cluster,
  service: { readonly namespace: string; readonly name: string },
  chosen: (revision: string) => boolean,
): Promise<readonly string[]> {
  const removed = new Set<string>();
  for (const [apiVersion, kind] of versioned) {
    for (const object of await cluster.list(apiVersion, kind, service.namespace, serviceLabels(service.name))) {
      const revision = object.metadata.labels?.[revisionLabel];
      if (!revision || !chosen(revision)) continue;
      await cluster.remove(object);
      removed.add(revision);
    }
  }
  return [...removed];
}
