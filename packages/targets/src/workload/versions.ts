import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabel, serviceLabels } from '@fairway/clients/kubernetes/names';
import { releasedRevisions } from '@fairway/clients/kubernetes/released';
import { isReady } from '@fairway/clients/kubernetes/workload';
import type { Deployment } from '@fairway/clients/kubernetes/workload';
import { listWorkloads } from '@fairway/clients/kubernetes/workload-kinds';
import { isKept } from './keep.ts';

/** The versions of a service that are in the cluster, the newest first. */
export async function versions(cluster: Cluster, namespace: string, name: string): Promise<readonly Deployment[]> {
  const found = await listWorkloads(cluster, namespace, serviceLabels(name));
  return [...found].sort((a, b) =>
    (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''),
  );
}

/** The revision that serves besides the candidate: the one released last, else the newest that is ready. */
export function previousRevision(found: readonly Deployment[], candidate: string): string | undefined {
  const ready = found.filter(
    deployment => deployment.metadata.labels?.[revisionLabel] !== candidate && isReady(deployment),
  );
  return releasedRevisions(ready)[0] ?? ready[0]?.metadata.labels?.[revisionLabel];
}

/**
 * Versions that nobody uses and nobody will and that do not go by themselves: candidates of deliveries that ended before their release. They would hold
 * the capacity that the next candidate needs.
 * @param shares revision → weight on the service's route
 */
export function abandonedRevisions(
  found: readonly Deployment[],
  shares: ReadonlyMap<string, number>,
  keep: readonly (string | undefined)[],
): readonly string[] {
  return found
    .filter(deployment => !isKept(deployment))
    .map(deployment => deployment.metadata.labels?.[revisionLabel])
    .filter(revision => revision !== undefined)
    .filter(revision => !keep.includes(revision) && (shares.get(revision) ?? 0) === 0);
}
