import { startupHint } from '@fairway/engines';
import type { DeliveryRecord } from '@fairway/stage';
import { unaskedFix } from '@fairway/stage/unasked-fix';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { RolloutResult } from '@fairway/clients/kubernetes/rollout';

/** Why a version did not get ready, what to do where it only needs longer, what of its image nobody had tried, and what stands now. */
export function notReady(
  version: string,
  { coded: cause, exceeded, logs }: Extract<RolloutResult, { readonly ready: false }>,
  after: readonly Reason[],
  record: DeliveryRecord,
): Reason | string {
  return listOf('list.then', [
    reasonOf('deploy.notReady', { version, cause }),
    ...(exceeded ? [startupHint(exceeded)] : []),
    // where its engine never started it is something else
    ...(logs ? unaskedFix(record) : []),
    ...after,
  ]);
}
