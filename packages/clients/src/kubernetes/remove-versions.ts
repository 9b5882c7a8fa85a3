import type { Cluster } from './cluster.ts';
import { revisionLabel, serviceLabels } from './names.ts';
import { isPartOfWorkload, listWorkloads } from './workload-kinds.ts';

/** Removes versions of a service and answers which they were. Their pods end by themselves. */
export async function removeVersions(
  cluster: Cluster,
  service: { readonly namespace: string; readonly name: string },
  chosen: (revision: string) => boolean,
): Promise<readonly string[]> {
  const { namespace } = service;
  const labels = serviceLabels(service.name);
  const removed = new Set<string>();
  for (const list of [
    () => cluster.list('policy/v1', 'PodDisruptionBudget', namespace, labels),
    () => cluster.list('v1', 'Service', namespace, labels),
    () => listWorkloads(cluster, namespace, labels),
  ])
    for (const object of await list()) {
      const revision = object.metadata.labels?.[revisionLabel];
      if (!revision || !chosen(revision) || isPartOfWorkload(object)) continue;
      await cluster.remove(object);
      removed.add(revision);
    }
  return [...removed];
}
