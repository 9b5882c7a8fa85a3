import type { Coded, Filling } from './coded.ts';
import type { reasonTexts } from './reason.ts';

type Texts = typeof reasonTexts;
export type ReasonCode = keyof Texts;
/** What deliveries and the portal say. Those who deliver know the codes of `delivery-reason.ts` alone. */
export type Reason = Coded<ReasonCode>;

/** Apart from the texts: who says what the portal shows need not have them. */
export function reasonOf<Code extends ReasonCode>(code: Code, ...[parameters]: Filling<Texts, Code>): Reason {
  return { code, parameters: parameters ?? {} };
}
