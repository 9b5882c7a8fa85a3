import type { Service } from '@fairway/service';

/** Milliseconds by which the p99 request may be sent late: a twentieth of the objective it could spoil, 20 at least. */
export function latenessBound({ timeToFirstToken }: Service['objectives']): number {
  return Math.max(20, timeToFirstToken.milliseconds / 20);
}
