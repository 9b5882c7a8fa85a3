import { hostname } from 'node:os';
import { english, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { isTaken, takeLease } from '@fairway/clients/kubernetes/lease';
import { releaseLeaseName } from '@fairway/clients/kubernetes/names';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import type { Permission } from '@fairway/clients/kubernetes/permissions';
import { requestsIn, stepAnnotation } from '@fairway/clients/kubernetes/release-request';
import type { ReleaseRequests, ReleaseStep } from '@fairway/clients/kubernetes/release-request';

/** What whoever holds the traffic of a service works with. */
export interface TrafficHold {
  /** Ends with the run, and when the lease is lost: somebody else may move the traffic then. */
  readonly signal: AbortSignal;
  /** Holder that never gave the lease back: its work may be half done. */
  readonly brokenOff: string | undefined;
  /** Who took the lease since; whoever goes on without asking undoes what that one did. Throws ToolError while the cluster does not answer. */
  readonly takenBy: () => Promise<string | undefined>;
  /** Says in the lease in which step the release is, by which people know that they can ask something of it. */
  readonly announce: (step: ReleaseStep) => Promise<void>;
  /** What people ask of the release now. */
  readonly asked: () => Promise<ReleaseRequests>;
}

export interface TrafficHolder {
  /** Who it is, for others who find the lease taken. */
  readonly holder: string;
  readonly signal: AbortSignal;
  /** Takes a lease that ran out without watching first whether its holder is only slow. */
  readonly urgent?: boolean;
}

/** Somebody else holds the traffic. */
export class TrafficTaken {
  /** Who, since when and what to do; without the last full stop. */
  readonly coded: Reason;

  constructor(coded: Reason) {
    this.coded = coded;
  }

  get message(): string {
    return english(this.coded);
  }
}

/** The stages of one delivery on one machine come after each other, so they are one holder. */
export function deliveryHolder(delivery: string): string {
  return `${delivery} on ${hostname()}`;
}

/**
 * Does what changes which version of a service users reach, or which versions there are, under the lease
 * `<service>-release`: one holder at a time, across machines and repositories. It is given back at the end.
 */
export async function holdTraffic<T>(
  cluster: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { holder, signal, urgent }: TrafficHolder,
  work: (hold: TrafficHold) => Promise<T>,
): Promise<T | TrafficTaken> {
  const lease = await takeLease(cluster, { namespace, name: releaseLeaseName(name) }, holder, signal, urgent);
  if (isTaken(lease))
    return new TrafficTaken(
      reasonOf('traffic.taken', {
        ...{ holder: lease.holder, since: lease.since, renewed: lease.renewed },
        service: name,
        lease: `${namespace}/${releaseLeaseName(name)}`,
      }),
    );
  try {
    return await work({
      signal: AbortSignal.any([signal, lease.lost]),
      brokenOff: lease.brokenOff,
      takenBy: () => lease.takenBy(),
      announce: step => lease.annotate(stepAnnotation, JSON.stringify(step)),
      asked: async () => requestsIn(await lease.annotations()),
    });
  } finally {
    await lease.release();
  }
}

/** What the login must be allowed for that. */
export function holdPermissions(namespace: string): readonly Permission[] {
  return permissions(['get', 'create', 'update'], 'coordination.k8s.io', ['leases'], namespace);
}
