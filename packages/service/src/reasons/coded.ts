/** Why something is as it is: a code, which stays the same, and what it is about. Readers have it in their language. */
export interface Coded<Code extends string> {
  readonly code: Code;
  /** Names, numbers, quantities, words of other programs as they said them, and parts of the sentence. */
  readonly parameters: Readonly<Record<string, CodedValue<Code>>>;
}

export type CodedValue<Code extends string> = string | number | Coded<Code>;

type Texts = Readonly<Record<string, string>>;

type Holes<Text extends string> = Text extends `${string}{{${infer Hole}}}${infer Rest}` ? Hole | Holes<Rest> : never;

type Parameters<Of extends Texts, Code extends keyof Of & string> = {
  readonly [Name in Holes<Of[Code]>]: CodedValue<keyof Of & string>;
};

/** What fills the holes of the text of a code; nothing where it has none. */
export type Filling<Of extends Texts, Code extends keyof Of & string> =
  object extends Parameters<Of, Code> ? [] : [parameters: Parameters<Of, Code>];

/** The sentence in the words of the texts, as the command line and records have it. Words without a code are their own sentence. */
export function sentenceOf<Code extends string>(
  texts: Readonly<Record<Code, string>>,
  reason: CodedValue<Code>,
): string {
  if (typeof reason !== 'object') return String(reason);
  return texts[reason.code].replace(hole, (_hole, name: string) => sentenceOf(texts, reason.parameters[name] ?? ''));
}

/** The same reason with other words, as where credentials are taken out of them. */
export function withWords<Code extends string>(
  { code, parameters }: Coded<Code>,
  change: (words: string) => string,
): Coded<Code> {
  const entries = Object.entries<CodedValue<Code>>(parameters).map(([name, value]) => {
    if (typeof value === 'object') return [name, withWords(value, change)] as const;
    const words = change(String(value));
    return [name, words === String(value) ? value : words] as const;
  });
  return { code, parameters: Object.fromEntries(entries) };
}

const hole = /\{\{(\w+)\}\}/g;

/** Names of the holes of a text. */
export function holesOf(text: string): readonly string[] {
  return [...text.matchAll(hole)].map(([, name = '']) => name);
}

/**
 * What fills the holes of a text in a sentence that was made of it by another program, such as a rule by Prometheus.
 * @returns undefined for another sentence
 */
export function readSentence(text: string, sentence: string): Readonly<Record<string, string>> | undefined {
  const pattern = text
    .split(hole)
    // every second part is the name of a hole
    .map((part, place) => (place % 2 === 1 ? '(.+?)' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  const found = new RegExp(`^${pattern}$`, 's').exec(sentence);
  return found ? Object.fromEntries(holesOf(text).map((name, place) => [name, found[place + 1] ?? ''])) : undefined;
}
