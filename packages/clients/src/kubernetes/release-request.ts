import { setTimeout as sleep } from 'node:timers/promises';
import { type Reason, reasonOf } from '@fairway/service/reasons/reason-of';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import { leaseSeconds } from './lease.ts';
import type { Lease } from './lease.ts';
import { releaseLeaseName } from './names.ts';
import type { KubernetesObject } from './objects.ts';

/** Annotation of a lease: the step in which the release is that holds it, as JSON. Only a release that reads requests has it. */
export const stepAnnotation = 'fairway.dev/release-step';

/** Annotations of a lease: what people ask of the release that holds it, each with who and since when as JSON. */
const requestAnnotations = {
  paused: 'fairway.dev/release-paused',
  promoted: 'fairway.dev/release-promoted',
  aborted: 'fairway.dev/release-aborted',
} as const;

export type ReleaseStepState = 'judging' | 'paused' | 'promoted' | 'aborted';

/** A step in which a release is. */
export interface ReleaseStep {
  readonly candidate: string;
  readonly stable: string;
  /** Percent of the users that the candidate has. */
  readonly weight: number;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  /** What the release has heard: it judges the step, holds the weights, or gives the candidate all users or none. */
  readonly state: ReleaseStepState;
}

/** Who asked for something, and when, as an ISO time. */
export interface Asked {
  readonly by: string;
  readonly at: string;
}

export interface ReleaseRequests {
  readonly paused?: Asked;
  readonly promoted?: Asked;
  readonly aborted?: Asked;
}

/** A release in its steps. */
export interface RunningRelease extends ReleaseStep, ReleaseRequests {
  readonly holder: string;
}

export const releaseRequests = ['pause', 'resume', 'promote', 'abort'] as const;
export type ReleaseRequest = (typeof releaseRequests)[number];

/** What people ask, by the annotations of the lease. */
export function requestsIn(annotations: KubernetesObject['metadata']['annotations'] = {}): ReleaseRequests {
  const of = (name: string): Asked | undefined => readAsked(annotations[name]);
  return {
    paused: of(requestAnnotations.paused),
    promoted: of(requestAnnotations.promoted),
    aborted: of(requestAnnotations.aborted),
  };
}

/** What a release does that has heard these requests. */
export function stateOf({ paused, promoted, aborted }: ReleaseRequests): ReleaseStepState {
  if (aborted) return 'aborted';
  return promoted ? 'promoted' : paused ? 'paused' : 'judging';
}

/** The release that holds a lease; undefined for everybody else who holds one, and for a release that hears no requests yet. */
export function runningRelease({ spec, metadata: { annotations } }: Lease): RunningRelease | undefined {
  const step: ReleaseStep | undefined = readAsked(annotations?.[stepAnnotation]);
  return spec?.holderIdentity && step
    ? { holder: spec.holderIdentity, ...step, ...requestsIn(annotations) }
    : undefined;
}

export type AskResult =
  | { readonly release: RunningRelease; readonly rejected?: undefined }
  /** Why nothing came of it. */
  | { readonly rejected: Reason };

export interface ReleaseAsk {
  readonly request: ReleaseRequest;
  readonly namespace: string;
  readonly name: string;
  /** Version that the person saw; nothing is asked when another one is released meanwhile. */
  readonly candidate?: string;
  readonly by: string;
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks at whether the release has heard, and how many there are. */
const look = 500;
const looks = 60;

/**
 * Asks something of the release that moves the users of a service now: by the annotations of its lease, so that it takes no rights but
 * those of the lease, and ends with the release. Waits until the release says that it has heard.
 */
export async function askRelease(cluster: Cluster, ask: ReleaseAsk): Promise<AskResult> {
  const { request, namespace, name, by, signal } = ask;
  const reference = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace, name: releaseLeaseName(name) },
  };
  const asked = JSON.stringify({ by, at: new Date().toISOString() } satisfies Asked);
  const { paused, promoted, aborted } = requestAnnotations;
  const changes = {
    pause: { [paused]: asked },
    resume: { [paused]: undefined },
    promote: { [promoted]: asked },
    abort: { [aborted]: asked },
  };
  for (let holder: string | undefined, waited = 0; ; await sleep(look, undefined, { signal })) {
    const found = await cluster.get<Lease>(reference);
    const release = found && runningRelease(found);
    if (holder !== undefined && release?.holder !== holder)
      return { rejected: reasonOf('release.ended', { service: name, holder }) };
    const rejected = rejection(found, ask, holder !== undefined);
    if (rejected) return { rejected };
    if (!found || !release) continue;
    if (isHeard(release, request)) return { release };
    if (waited++ === looks) return { rejected: reasonOf('release.silent', { service: name, holder: release.holder }) };
    if (holder !== undefined) continue;
    const annotations = { ...found.metadata.annotations, ...changes[request] };
    try {
      await cluster.request('PUT', await cluster.path(reference), {
        body: { ...found, ...reference, metadata: { ...found.metadata, annotations } },
      });
      holder = release.holder;
    } catch (error) {
      // its holder renewed it meanwhile
      if (!(error instanceof ToolError) || error.status !== 409) throw error;
    }
  }
}

/** @param written whether the request is in the lease already */
function rejection(found: Lease | undefined, { name, candidate }: ReleaseAsk, written: boolean): Reason | undefined {
  const holder = found?.spec?.holderIdentity;
  if (!found || !holder) return reasonOf('release.none', { service: name });
  const release = runningRelease(found);
  if (!release) return reasonOf('release.other', { service: name, holder });
  const renewed = found.spec?.renewTime ?? '';
  // so long ago that no clock explains it
  if (Date.now() - Date.parse(renewed) > 3 * leaseSeconds * 1000)
    return reasonOf('release.brokeOff', { service: name, holder, renewed });
  if (candidate !== undefined && release.candidate !== candidate)
    return reasonOf('release.changed', { service: name, candidate: release.candidate });
  if (release.promoted && !written)
    return reasonOf('release.promoted', { by: release.promoted.by, candidate: release.candidate });
  if (release.aborted && !written)
    return reasonOf('release.aborted', { by: release.aborted.by, candidate: release.candidate });
  return undefined;
}

const heardAs = { pause: 'paused', resume: 'judging', promote: 'promoted', abort: 'aborted' } as const;

/** What is asked has to stand in the lease too: the state may be of somebody who asked the same before. */
function isHeard(release: RunningRelease, request: ReleaseRequest): boolean {
  return release.state === heardAs[request] && stateOf(release) === heardAs[request];
}

/** What another version of Fairway wrote differently is not there. */
export function readAsked<T extends object>(text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
