import { answerTexts } from './answers.ts';
import { type Coded, type Filling, sentenceOf } from './coded.ts';
import { deliveryTexts } from './delivery-reason.ts';
import { portalTexts } from './portal.ts';

export { holesOf } from './coded.ts';

/** The English of every code. A hole `{{name}}` is filled with the parameter of that name. */
export const reasonTexts = { ...answerTexts, ...deliveryTexts, ...portalTexts } as const;

type Texts = typeof reasonTexts;
export type ReasonCode = keyof Texts;
/** What deliveries and the portal say. Those who deliver know the codes of `delivery-reason.ts` alone. */
export type Reason = Coded<ReasonCode>;

export function reasonOf<Code extends ReasonCode>(code: Code, ...[parameters]: Filling<Texts, Code>): Reason {
  return { code, parameters: parameters ?? {} };
}

/** The sentence as answers have it. */
export function english(reason: Reason): string {
  return sentenceOf(reasonTexts, reason);
}

export function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(reasonTexts, code);
}
