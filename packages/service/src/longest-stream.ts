import { lacksRoom } from './release-pods.ts';
import type { Service } from './schema.ts';

/**
 * Seconds that one answer may take: a full context at the promised pace, in whole minutes (a small change of an objective
 * must not make new pods), at most an hour.
 */
export function longestStreamSeconds(service: Pick<Service, 'objectives' | 'serving'>): number {
  const { timeToFirstToken, interTokenLatency } = service.objectives;
  const milliseconds = timeToFirstToken.milliseconds + service.serving.contextLength * interTokenLatency.milliseconds;
  return Math.min(3600, 60 * Math.ceil(milliseconds / 60_000));
}

/** Seconds for which a version that lost its users stays: as long as `release.keep` says, and until its last answer has ended. */
export function keptSeconds(service: Pick<Service, 'objectives' | 'serving' | 'release' | 'resources'>): number {
  // where pods are replaced one after another, a version that is kept would hold the room of the next
  const keep = lacksRoom(service) ? 0 : service.release.keep;
  return Math.max(keep * 60, longestStreamSeconds(service));
}
