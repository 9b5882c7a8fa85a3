import { releaseLeaseName, runningRelease } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject, Lease, RunningRelease } from '@fairway/clients/kubernetes/index';

/** The lease of a release that somebody holds. */
export interface WatchedLease {
  /** Namespace/name; undefined for a lease that is of no release. */
  readonly service: string | undefined;
  readonly holder: string;
  /** RFC 3339. */
  readonly since: string;
  readonly renewed: string;
  readonly seconds: number;
  /** When its last renewal was seen, in milliseconds since 1970. */
  readonly seenAt: number;
  /** Of a release in its steps. */
  readonly release: RunningRelease | undefined;
}

export function keepLease(object: KubernetesObject): WatchedLease | undefined {
  const { spec } = object as Lease;
  if (!spec?.holderIdentity) return undefined;
  return {
    service: serviceOf(object),
    holder: spec.holderIdentity,
    since: spec.acquireTime ?? '',
    renewed: spec.renewTime ?? '',
    seconds: spec.leaseDurationSeconds ?? 0,
    seenAt: Date.now(),
    release: runningRelease(object as Lease),
  };
}

/**
 * Whether the holder of a lease stopped. It counts how long no renewal was seen here, since the clocks of machines differ, and
 * only once the cluster was heard again: a portal whose connection is cut sees no renewals either.
 * @param heardAt when the watch of leases last heard something
 */
export function isStopped(lease: WatchedLease, heardAt: number): boolean {
  return heardAt - lease.seenAt > lease.seconds * 1000;
}

function serviceOf({ metadata: { namespace, name } }: KubernetesObject): string | undefined {
  const ending = releaseLeaseName('');
  return name.endsWith(ending) ? `${namespace}/${name.slice(0, -ending.length)}` : undefined;
}
