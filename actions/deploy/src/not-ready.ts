import { startupHint } from '@fairway/engines';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { RolloutResult } from '@fairway/clients/kubernetes/rollout';

/** Why a version did not get ready, what to do where it only needs longer, and what stands now. */
export function notReady(
  version: string,
  { coded: cause, exceeded }: Extract<RolloutResult, { readonly ready: false }>,
  after: readonly Reason[],
): Reason | string {
  return listOf('list.then', [
    reasonOf('deploy.notReady', { version, cause }),
    ...(exceeded ? [startupHint(exceeded)] : []),
    ...after,
  ]);
}
