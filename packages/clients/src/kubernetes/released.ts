import { promotedAnnotation, releasedAnnotation, releasedAtAnnotation, revisionLabel } from './names.ts';
import { readAsked } from './release-request.ts';
import type { Asked } from './release-request.ts';
import type { Deployment } from './workload.ts';

/**
 * Revisions that were released, the last one first: the one that users are meant to have, then those to which they can go
 * back. A release before times were noted counts as the oldest.
 */
export function releasedRevisions(found: readonly Deployment[]): readonly string[] {
  return found
    .filter(deployment => deployment.metadata.annotations?.[releasedAnnotation])
    .sort((a, b) => releasedAt(b).localeCompare(releasedAt(a)))
    .flatMap(deployment => deployment.metadata.labels?.[revisionLabel] ?? []);
}

function releasedAt({ metadata }: Deployment): string {
  return metadata.annotations?.[releasedAtAnnotation] ?? '';
}

/** Who gave a version all users before its steps had judged it, and the percent of them that it had then. */
export function promotedOf({ metadata }: Deployment): (Asked & { readonly weight: number }) | undefined {
  return readAsked(metadata.annotations?.[promotedAnnotation]);
}

/** What the versions of a service say of going back. */
export interface WayBack {
  /** Released and on the route, the last release first. */
  readonly released: readonly string[];
  /** Have users now. */
  readonly serving: readonly string[];
  /** Version to go back to; undefined when none is left. */
  readonly to: string | undefined;
}

/**
 * A candidate in the middle of its steps goes back to the last release, a whole release to the one before it.
 * @param shares revision → weight on the service's route
 */
export function wayBack(found: readonly Deployment[], shares: ReadonlyMap<string, number>): WayBack {
  const released = releasedRevisions(found).filter(revision => shares.has(revision));
  const serving = [...shares].filter(([, share]) => share > 0).map(([revision]) => revision);
  const unfinished = serving.some(revision => revision !== released[0]);
  return { released, serving, to: unfinished ? released[0] : released[1] };
}
