/** Something the user can fix: where it is, what was found, what is allowed. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly at: { readonly file: string; readonly line?: number; readonly column?: number } | undefined;

  /** @param message one paragraph: what is wrong, what was found, what to do. The place is put before it. */
  constructor(message: string, at?: { file: string; line?: number; column?: number }) {
    super(at ? `${[at.file, at.line, at.column].filter(part => part !== undefined).join(':')}: ${message}` : message);
    this.at = at;
  }
}
