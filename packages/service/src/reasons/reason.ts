import { answerTexts } from './answers.ts';
import { sentenceOf } from './coded.ts';
import { comparisonTexts } from './comparisons.ts';
import { deliveryTexts } from './delivery-reason.ts';
import { portalTexts } from './portal.ts';
import type { Reason, ReasonCode } from './reason-of.ts';

export { holesOf } from './coded.ts';
export { type Reason, type ReasonCode, reasonOf } from './reason-of.ts';

/** The English of every code. A hole `{{name}}` is filled with the parameter of that name. */
export const reasonTexts = { ...answerTexts, ...comparisonTexts, ...deliveryTexts, ...portalTexts } as const;

/** The sentence as answers have it. */
export function english(reason: Reason): string {
  return sentenceOf(reasonTexts, reason);
}

export function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(reasonTexts, code);
}
