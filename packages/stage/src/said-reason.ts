import { english, type Reason } from '@fairway/service/reasons/delivery-reason';
import type { StageEntry } from './record.ts';

/** A reason as records have it: the sentence, and its code beside it. Both are made of the same masked parameters. */
export function saidReason(
  reason: Reason | string,
  masked: (text: string) => string,
): Pick<StageEntry, 'reason' | 'coded'> {
  if (typeof reason === 'string') return { reason: masked(reason) };
  const coded = maskedReason(reason, masked);
  return { reason: english(coded), coded };
}

function maskedReason({ code, parameters }: Reason, masked: (text: string) => string): Reason {
  const entries = Object.entries(parameters).map(([name, value]) => {
    if (typeof value === 'object') return [name, maskedReason(value, masked)] as const;
    const text = masked(String(value));
    return [name, text === String(value) ? value : text] as const;
  });
  return { code, parameters: Object.fromEntries(entries) };
}
