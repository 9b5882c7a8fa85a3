import { answerTexts } from './answers.ts';
import { fitTexts } from './gpu-fit.ts';
import { podTexts } from './pods.ts';
import { portalTexts } from './portal.ts';
import { queueTexts } from './queues.ts';

/** The English of every code. A hole `{{name}}` is filled with the parameter of that name. */
export const reasonTexts = { ...answerTexts, ...fitTexts, ...podTexts, ...portalTexts, ...queueTexts } as const;

type Texts = typeof reasonTexts;
export type ReasonCode = keyof Texts;

/** Why something is as it is: a code, which stays the same, and what it is about. Readers have it in their language. */
export interface Reason {
  readonly code: ReasonCode;
  /** Names, numbers, quantities, words of other programs as they said them, and parts of the sentence. */
  readonly parameters: Readonly<Record<string, ReasonValue>>;
}

export type ReasonValue = string | number | Reason;

type Holes<Text extends string> = Text extends `${string}{{${infer Hole}}}${infer Rest}` ? Hole | Holes<Rest> : never;

type Parameters<Code extends ReasonCode> = { readonly [Name in Holes<Texts[Code]>]: ReasonValue };

export function reasonOf<Code extends ReasonCode>(
  code: Code,
  ...[parameters]: object extends Parameters<Code> ? [] : [parameters: Parameters<Code>]
): Reason {
  return { code, parameters: parameters ?? {} };
}

export function listOf(
  code: 'list.and' | 'list.also' | 'list.plus',
  parts: readonly (Reason | string)[],
): Reason | string {
  const [head = '', ...rest] = parts;
  return rest.reduce((first, second) => reasonOf(code, { first, second }), head);
}

/** The sentence as `deploy`, the command line and records have it. */
export function english({ code, parameters }: Reason): string {
  return reasonTexts[code].replace(hole, (_hole, name: string) => {
    const value = parameters[name] ?? '';
    return typeof value === 'object' ? english(value) : String(value);
  });
}

const hole = /\{\{(\w+)\}\}/g;

/** Names of the holes of a text. */
export function holesOf(text: string): readonly string[] {
  return [...text.matchAll(hole)].map(([, name = '']) => name);
}

export function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(reasonTexts, code);
}
