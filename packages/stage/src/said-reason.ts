import { withWords } from '@fairway/service/reasons/coded';
import { english, type Reason } from '@fairway/service/reasons/delivery-reason';
import type { StageEntry } from './record.ts';

/** A reason as records have it: the sentence, and its code beside it. Both are made of the same masked parameters. */
export function saidReason(
  reason: Reason | string,
  masked: (text: string) => string,
): Pick<StageEntry, 'reason' | 'coded'> {
  if (typeof reason === 'string') return { reason: masked(reason) };
  const coded = withWords(reason, masked);
  return { reason: english(coded), coded };
}
