import type { Service } from '@fairway/service';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabel } from '@fairway/clients/kubernetes/names';
import type { Deployment } from '@fairway/clients/kubernetes/workload';
import { removeVersions } from '@fairway/clients/kubernetes/remove-versions';
import { keptSeconds } from '@fairway/service/longest-stream';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { lacksRoom } from '@fairway/service/release-pods';
import type { Traffic } from '@fairway/targets/traffic';
import { answersNothing } from '@fairway/targets/workload/drain';
import { endTimer, isKept, keepFor } from '@fairway/targets/workload/keep';
import { desiredPods } from '@fairway/targets/workload/pods';
import { abandonedRevisions, versions } from '@fairway/targets/workload/versions';
import { drained } from './drained.ts';
import type { OpenRequests } from './drained.ts';

export interface RetireOptions {
  /** Has all traffic now. */
  readonly revision: string;
  /** Had it before. */
  readonly stable: string | undefined;
  /** See `drained`. */
  readonly open: OpenRequests | undefined;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/**
 * The previous version stays ready for `release.keep` and at least as long as a stream may last, then it goes by itself; with
 * 0, and where `release.surge` leaves no room for it, it goes as soon as the gateway reports no request on it. It gets no new
 * requests, and nothing cuts those that it answers. Others, which no user reaches, go at once, and those that earlier releases
 * keep as soon as they answer nothing.
 * @returns what was done, as parts of a sentence
 */
export async function retire(
  cluster: Cluster,
  traffic: Traffic,
  service: Service,
  options: RetireOptions,
): Promise<readonly Reason[]> {
  const { revision, stable } = options;
  // what is removed here would come back from the folder
  if (service.apply)
    return stable ? [reasonOf('release.staysInFolder', { revision: stable, folder: service.apply.folder })] : [];
  const keep = lacksRoom(service) ? 0 : service.release.keep;
  const found = await versions(cluster, service.namespace, service.name);
  const abandoned = [...abandonedRevisions(found, await traffic.shares(), [revision, stable])];
  const pods = desiredPods(found.find(one => one.metadata.labels?.[revisionLabel] === stable));
  if (stable && keep === 0 && (pods === 0 || (await drained(service, options)))) abandoned.push(stable);
  // a version that went by itself left its Service
  const there = new Set(found.flatMap(({ metadata }) => metadata.labels?.[revisionLabel] ?? []));
  const left = (one: string) => !there.has(one) && one !== revision && one !== stable;
  const gone = await removeVersions(cluster, service, one => abandoned.includes(one) || left(one));
  const removed = gone.filter(one => there.has(one));
  for (const older of olderKept(found, [revision, stable]))
    if (await answersNothing(cluster, service, older, options)) {
      await endTimer(cluster, service, older);
      removed.push(older);
    }
  if (gone.length + removed.length > 0)
    await traffic.set(
      new Map([[revision, 100], ...(stable && !abandoned.includes(stable) ? ([[stable, 0]] as const) : [])]),
    );
  const went = removed.length > 0 ? [reasonOf('release.went', { revisions: removed.join(', ') })] : [];
  if (!stable || abandoned.includes(stable)) return went;
  const seconds = keptSeconds(service);
  await keepFor(cluster, service, stable, seconds);
  const code = lacksRoom(service) ? 'release.staysForStreams' : 'release.stays';
  return [reasonOf(code, { revision: stable, minutes: Math.ceil(seconds / 60) }), ...went];
}

/** Versions that earlier releases keep: there is a newer one to go back to. */
function olderKept(found: readonly Deployment[], newer: readonly (string | undefined)[]): readonly string[] {
  return found
    .filter(isKept)
    .flatMap(({ metadata }) => metadata.labels?.[revisionLabel] ?? [])
    .filter(revision => !newer.includes(revision));
}
