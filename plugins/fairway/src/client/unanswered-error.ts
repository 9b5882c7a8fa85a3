import { failureEnglish } from '../translation/failure-english.ts';

type Kind<Key = keyof typeof failureEnglish> = Key extends `failure.${infer Name}` ? Name : never;

/** No answer came that a page could show; its kind and facts say so in every language. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
  readonly kind: Kind;
  readonly facts: Readonly<Record<string, string>>;

  constructor(kind: Kind, facts: Readonly<Record<string, string>>, cause?: unknown) {
    super(
      failureEnglish[`failure.${kind}`].replaceAll(/\{\{(\w+)\}\}/g, (_hole, name: string) => facts[name] ?? ''),
      { cause },
    );
    this.kind = kind;
    this.facts = facts;
  }
}
