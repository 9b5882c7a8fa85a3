import type { z } from 'zod';
import { english, type Reason } from './reasons/delivery-reason.ts';

/** Rules by their sentences: an issue of a format carries nothing but its sentence. */
const rules = new Map<string, Reason>();

/** What a value must be, for a schema: the end of a sentence that begins with the key. */
export function rule(reason: Reason): { readonly error: string } {
  const error = english(reason);
  rules.set(error, reason);
  return { error };
}

/**
 * What is wrong with a value, for an issue that a schema adds.
 * @param alone where what was found says nothing, and where another value is at fault as well
 */
export function broken(reason: Reason, alone = false): { readonly message: string; readonly params: object } {
  return { message: english(reason), params: { coded: reason, ...(alone ? { silent: true } : {}) } };
}

/** The end of the sentence about an issue. */
export function ruleOf(issue: z.core.$ZodIssue): Reason | string {
  const coded = issue.code === 'custom' ? (issue.params?.['coded'] as Reason | undefined) : undefined;
  return coded ?? rules.get(issue.message) ?? issue.message;
}
