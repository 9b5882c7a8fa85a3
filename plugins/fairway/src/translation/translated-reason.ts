import type { CodedReason } from '@fairway/backstage-plugin-fairway-common';
import { holesOf, isReasonCode, reasonTexts } from '@fairway/service/reasons/reason';
import type { ReasonCode } from '@fairway/service/reasons/reason';

/** @returns undefined where this portal does not know the code or lacks a parameter, of the reason or of a part of it */
export function translatedReason(
  { code, parameters }: CodedReason,
  translate: (code: ReasonCode, parameters: Readonly<Record<string, string>>) => string,
): string | undefined {
  if (!isReasonCode(code)) return undefined;
  const filled: Record<string, string> = {};
  for (const hole of holesOf(reasonTexts[code])) {
    const value = parameters[hole];
    const text = isPart(value) ? translatedReason(value, translate) : value;
    if (text === undefined) return undefined;
    filled[hole] = String(text);
  }
  return translate(code, filled);
}

function isPart(value: unknown): value is CodedReason {
  return typeof value === 'object' && value !== null && 'code' in value && 'parameters' in value;
}
