/** A point of one of the user's own files. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface Problem {
  readonly message: string;
  readonly at?: Place;
}

/** As editors and terminals open it. */
export function placeText({ file, line, column }: Place): string {
  return [file, line, column].filter(part => part !== undefined).join(':');
}

function sentence({ message, at }: Problem): string {
  return at ? `${placeText(at)}: ${message}` : message;
}

/** Something the user can fix: where it is, what was found, what is allowed. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** The place of the first problem. */
  readonly at: Place | undefined;
  /** Every problem with its place, in the order of the file; at least one. */
  readonly problems: readonly Problem[];

  /** @param message one paragraph: what is wrong, what was found, what to do. The place is put before it. */
  constructor(message: string, at?: Place, further: readonly Problem[] = []) {
    const problems = [{ message, at }, ...further];
    super(problems.map(sentence).join('\n'));
    this.at = at;
    this.problems = problems;
  }
}
