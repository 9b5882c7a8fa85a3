import { english, listOf, type Reason, reasonOf } from './reasons/delivery-reason.ts';

/** A point of one of the user's own files. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** What is wrong, before an error is made of it. */
export interface Finding {
  readonly message: Reason | string;
  readonly at?: Place;
}

export interface Problem {
  readonly message: string;
  readonly at?: Place;
}

/** As editors and terminals open it. */
export function placeText({ file, line, column }: Place): string {
  return [file, line, column].filter(part => part !== undefined).join(':');
}

/** Something the user can fix: where it is, what was found, what is allowed. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** The place of the first problem. */
  readonly at: Place | undefined;
  /** Every problem with its place, in the order of the file; at least one. */
  readonly problems: readonly Problem[];
  /** What the message is made of; absent where no problem has a code. */
  readonly coded?: Reason;

  /** @param message one paragraph: what is wrong, what was found, what to do. The place is put before it. */
  constructor(message: Reason | string, at?: Place, further: readonly Finding[] = []) {
    const found = [{ message, at }, ...further];
    const whole = listOf('list.lines', found.map(placed));
    super(english(whole));
    this.at = at;
    this.problems = found.map(problem => ({ ...problem, message: english(problem.message) }));
    if (typeof whole === 'object' && found.some(problem => typeof problem.message === 'object')) this.coded = whole;
  }
}

function placed({ message, at }: Finding): Reason | string {
  return at ? reasonOf('stage.at', { place: placeText(at), sentence: message }) : message;
}
