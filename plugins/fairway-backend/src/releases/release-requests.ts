import { ConflictError, NotFoundError } from '@backstage/errors';
import type { RunningRelease } from '@fairway/backstage-plugin-fairway-common';
import { askRelease, type ReleaseRequest } from '@fairway/clients/kubernetes/index';
import { reasonOf } from '@fairway/service/reasons/reason';
import type { ClusterViews } from '../cluster-views.ts';
import { codedError } from '../http/coded-error.ts';
import type { OnePlace } from './rollbacks.ts';

export interface AskedByPerson {
  readonly request: ReleaseRequest;
  /** Version that the person saw. */
  readonly candidate: string;
  /** Entity reference of that person. */
  readonly by: string;
  /** Ends when the person no longer waits. */
  readonly signal: AbortSignal;
}

/**
 * Asks something of the release that runs now, where the portal may.
 * @throws NotFoundError, ConflictError
 */
export async function askRunningRelease(
  clusters: ClusterViews,
  { cluster, namespace, service }: OnePlace,
  asked: AskedByPerson,
): Promise<RunningRelease> {
  const view = clusters.deployments({ service, namespace }).items.find(one => one.cluster === cluster);
  if (!view)
    throw codedError(NotFoundError, reasonOf('rollback.unseen', { service: `${namespace}/${service}`, cluster }));
  const open = clusters.writable(cluster);
  if (!open) throw codedError(ConflictError, reasonOf('release.off', { cluster }));
  const { stable } = view.release ?? {};
  const ready = view.versions.some(({ revision, readyReplicas }) => revision === stable && readyReplicas > 0);
  // without a release the lease says what there is in its place
  if (asked.request === 'abort' && stable !== undefined && !ready)
    throw codedError(
      ConflictError,
      reasonOf('release.noStable', { service: `${namespace}/${service}`, cluster, stable }),
    );
  const result = await askRelease(open, { ...asked, namespace, name: service });
  if (result.rejected) throw codedError(ConflictError, result.rejected);
  return result.release;
}
