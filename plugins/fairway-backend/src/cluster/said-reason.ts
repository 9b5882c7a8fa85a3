import type { CodedReason } from '@fairway/backstage-plugin-fairway-common';
import { english, type Reason } from '@fairway/service/reasons/reason';

/** A reason as answers give it; the words of a cluster have no code. */
export function saidReason(reason: Reason | string): { readonly reason: string; readonly coded?: CodedReason } {
  return typeof reason === 'string' ? { reason } : { reason: english(reason), coded: reason };
}
