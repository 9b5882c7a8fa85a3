import { setTimeout as sleep } from 'node:timers/promises';
import { errorReason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import { managedLabels } from './names.ts';
import type { KubernetesObject, ObjectReference } from './objects.ts';

/** Seconds without a renewal after which somebody else may take a lease over. */
export const leaseSeconds = 30;

/** Seconds between two renewals. */
const renewal = leaseSeconds / 3;

export interface Lease extends KubernetesObject {
  readonly spec?: {
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

export interface HeldLease {
  /** Aborted when the lease could not be renewed in time, so that somebody else may hold it. */
  readonly lost: AbortSignal;
  /** Holder that took it last and never gave it back: its work may be half done. */
  readonly brokenOff: string | undefined;
  /**
   * Who took it since; undefined while nobody did. A lost one that nobody has taken is renewed first, so that its holder can put right
   * what it did.
   * @throws ToolError while the cluster does not answer
   */
  takenBy(): Promise<string | undefined>;
  /** Its annotations now; they go with whoever holds it. */
  annotations(): Promise<Readonly<Record<string, string>>>;
  /**
   * Sets an annotation, which others may read and write beside it.
   * @throws ToolError when somebody else holds it
   */
  annotate(name: string, value: string): Promise<void>;
  release(): Promise<void>;
}

/** Somebody else holds a lease. */
export interface LeaseTaken {
  readonly holder: string;
  /** ISO times. */
  readonly since: string;
  readonly renewed: string;
}

/**
 * Takes a lease (coordination.k8s.io/v1) and renews it until it is given back. Clocks of machines differ: an expired lease is
 * watched for a whole period before it is taken over, so that only a holder that really stopped loses it.
 * @param urgent watch it for one renewal only, and not at all when the last one is so long ago that no clock explains it
 * @returns the lease, or who holds it
 */
export async function takeLease(
  cluster: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  holder: string,
  signal: AbortSignal,
  urgent = false,
): Promise<HeldLease | LeaseTaken> {
  const reference = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name } };
  let found = await cluster.get<Lease>(reference);
  const brokenOff = found?.spec?.holderIdentity || undefined;
  if (found && brokenOff && brokenOff !== holder) {
    const seen = found;
    if (!expired(seen)) return taken(seen);
    const watch = !urgent ? leaseSeconds : age(seen) > 3 * leaseSeconds ? 0 : renewal + 2;
    await sleep(watch * 1000, undefined, { signal });
    found = await cluster.get<Lease>(reference);
    // whoever asks its holder for something writes to it too, and that is no sign of the holder
    if (found?.spec?.holderIdentity && found.spec.renewTime !== seen.spec?.renewTime) return taken(found);
  }
  let held: Lease;
  try {
    held = await write(cluster, reference, found, { holder, acquired: new Date().toISOString() });
  } catch (error) {
    // somebody else was quicker
    if (!(error instanceof ToolError) || error.status !== 409) throw error;
    const winner = await cluster.get<Lease>(reference);
    if (winner?.spec?.holderIdentity) return taken(winner);
    throw error;
  }
  const lost = new AbortController();
  const ended = new AbortController();
  let renewed = true;
  let renewing = renew();
  return {
    lost: lost.signal,
    brokenOff: brokenOff === holder ? undefined : brokenOff,
    async takenBy() {
      if (renewed) return undefined;
      const now = await cluster.withSignal(AbortSignal.timeout(renewal * 1000)).get<Lease>(reference);
      if (now?.spec?.holderIdentity !== holder) return now?.spec?.holderIdentity || 'somebody who has given it back';
      held = await write(cluster, reference, now, {
        ...{ holder, acquired: now.spec.acquireTime ?? '' },
        annotations: now.metadata.annotations,
      });
      renewed = true;
      renewing = renew();
      return undefined;
    },
    async annotations() {
      return (await cluster.get<Lease>(reference))?.metadata.annotations ?? {};
    },
    annotate: (name, value) => rewrite(cluster, holder, { [name]: value }),
    async release() {
      ended.abort();
      await renewing;
      if (renewed) await rewrite(cluster.withSignal(AbortSignal.timeout(30_000)), null);
    },
  };

  /** Writes what is held, with what others have written beside it; given back it has no annotations. */
  async function rewrite(open: Cluster, next: string | null, more: Readonly<Record<string, string>> = {}) {
    const acquired = held.spec?.acquireTime ?? '';
    for (;;)
      try {
        const annotations = next === null ? {} : { ...held.metadata.annotations, ...more };
        held = await write(open, reference, held, { holder: next, acquired, annotations });
        return;
      } catch (error) {
        if (!(error instanceof ToolError) || error.status !== 409) throw error;
        const now = await open.get<Lease>(reference);
        if (now?.spec?.holderIdentity !== holder || now.spec.acquireTime !== acquired) throw error;
        held = now;
      }
  }

  async function renew(): Promise<void> {
    for (let last = Date.now(); ;) {
      try {
        await sleep(renewal * 1000, undefined, { signal: ended.signal });
        await rewrite(cluster.withSignal(AbortSignal.timeout(renewal * 1000)), holder);
        last = Date.now();
      } catch (error) {
        if (ended.signal.aborted) return;
        const conflict = error instanceof ToolError && error.status === 409;
        if (!conflict && Date.now() - last < leaseSeconds * 1000) continue;
        renewed = false;
        lost.abort(
          new ToolError(
            'kubernetes',
            reasonOf('kubernetes.renewing', { lease: `${namespace}/${name}` }),
            conflict ? 409 : undefined,
            conflict
              ? reasonOf('kubernetes.heldByOther')
              : reasonOf('kubernetes.notRenewed', { seconds: leaseSeconds, words: errorReason(error as Error) }),
          ),
        );
        return;
      }
    }
  }
}

/** Milliseconds between two looks at a lease. */
const look = 5000;

/**
 * Waits until a lease is no longer held by `holder`. It broke off when it was not renewed for twice its duration by the clock
 * of whoever waits; a cluster that does not answer says nothing of the holder, and that time does not count.
 */
export async function whenLeaseEnds(
  cluster: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  holder: string,
  signal: AbortSignal,
): Promise<'given back' | 'broken off'> {
  const reference = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name } };
  let renewed: string | undefined;
  let unchanged = 0;
  for (;;) {
    try {
      const found = await cluster.get<Lease>(reference);
      if (found?.spec?.holderIdentity !== holder) return 'given back';
      // not by its version: whoever asks the holder for something writes to the lease too
      unchanged = found.spec.renewTime === renewed ? unchanged + look : 0;
      renewed = found.spec.renewTime;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
    }
    if (unchanged >= 2 * leaseSeconds * 1000) return 'broken off';
    await sleep(look, undefined, { signal });
  }
}

export function isTaken(lease: HeldLease | LeaseTaken): lease is LeaseTaken {
  return 'holder' in lease;
}

function taken({ spec }: Lease): LeaseTaken {
  return { holder: spec?.holderIdentity ?? '', since: spec?.acquireTime ?? '', renewed: spec?.renewTime ?? '' };
}

function expired(lease: Lease): boolean {
  return age(lease) > (lease.spec?.leaseDurationSeconds ?? leaseSeconds);
}

/** Seconds since the last renewal, by this machine's clock and the holder's. */
function age({ spec }: Lease): number {
  return (Date.now() - Date.parse(spec?.renewTime ?? '')) / 1000;
}

interface Written {
  readonly holder: string | null;
  readonly acquired: string;
  /** None of a former holder's when it is taken. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Whole object and version: the cluster rejects it with 409 when somebody else wrote in between. */
async function write(
  cluster: Cluster,
  reference: ObjectReference & { readonly metadata: { readonly namespace: string } },
  before: Lease | undefined,
  { holder, acquired, annotations }: Written,
): Promise<Lease> {
  const micro = (time: string) => time.replace(/(\.\d{3})?Z$/, (_, millis?: string) => `${millis ?? '.000'}000Z`);
  const transitions = before?.spec?.leaseTransitions ?? 0;
  const body = {
    ...reference,
    // by the label a watch tells it from the leases of nodes, which change every few seconds
    metadata: {
      ...reference.metadata,
      ...{ labels: managedLabels, annotations },
      resourceVersion: before?.metadata.resourceVersion,
    },
    spec: {
      holderIdentity: holder ?? undefined,
      leaseDurationSeconds: leaseSeconds,
      acquireTime: /\.\d{6}Z$/.test(acquired) ? acquired : micro(acquired),
      renewTime: micro(new Date().toISOString()),
      leaseTransitions: holder && before && before.spec?.holderIdentity !== holder ? transitions + 1 : transitions,
    },
  };
  return before
    ? cluster.request<Lease>('PUT', await cluster.path(reference), { body })
    : cluster.request<Lease>(
        'POST',
        await cluster.collection(reference.apiVersion, reference.kind, reference.metadata.namespace),
        { body },
      );
}
