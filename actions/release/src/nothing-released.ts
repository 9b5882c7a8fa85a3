import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { StageResult } from '@fairway/stage';

/** The verdict of a release that was rejected before it moved anything. */
export function nothingReleased(problem: Reason | string): StageResult {
  return { verdict: 'fail', reason: reasonOf('release.nothing', { problem }), outputs: {}, evidence: [] };
}
