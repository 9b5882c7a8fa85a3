import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabel, usersLabel } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';

/**
 * Says on the objects of the versions which of them users reach: on the Services for Prometheus, to tell the requests of users from
 * those of tests.
 */
export async function labelUsers(
  cluster: Cluster,
  objects: readonly KubernetesObject[],
  reached: (revision: string) => boolean,
): Promise<void> {
  for (const found of objects) {
    const users = reached(found.metadata.labels?.[revisionLabel] ?? '');
    if (users === (found.metadata.labels?.[usersLabel] === 'true')) continue;
    await cluster.request('PATCH', await cluster.path(found), {
      query: { fieldManager: 'fairway-traffic' },
      body: { metadata: { labels: { [usersLabel]: users ? 'true' : null } } },
      contentType: 'application/merge-patch+json',
    });
  }
}
