import type { StageResult } from '@fairway/stage';

/** The verdict of a release that was rejected before it moved anything. */
export function nothingReleased(problem: string): StageResult {
  return { verdict: 'fail', reason: `Nothing was released: ${problem}.`, outputs: {}, evidence: [] };
}
