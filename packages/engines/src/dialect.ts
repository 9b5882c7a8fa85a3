/** What stands behind an option: nothing, or a value as its engine reads it. */
export type OptionKind = 'switch' | 'text' | 'json' | 'whole' | 'number' | 'size';

/** How an engine reads its command line, as far as it decides memory or Fairway gives it itself. */
export interface Dialect {
  readonly options: Readonly<Record<string, OptionKind>>;
  /** Other names of these options, short and older ones. */
  readonly aliases: Readonly<Record<string, string>>;
  /** The option that says the same as the word with which Fairway begins the command line. */
  readonly positional?: string;
  /** Options after which the engine no longer answers everybody in plain HTTP at its port, where the kubelet and the gateway ask. */
  readonly elsewhere: readonly string[];
  /** Whether a long option may be cut short where no other begins so (argparse). */
  readonly abbreviates: boolean;
  /** Options of the engine that begin like those above, so that what both begin with is neither. */
  readonly neighbours: readonly string[];
  /** Whether underscores stand for hyphens. */
  readonly underscores: boolean;
  /** Whether a value may stand behind `=`. */
  readonly equals: boolean;
  /** Whether `--option.key value` is a part of a value in JSON. */
  readonly dotted: boolean;
  /** The option that a variable of the environment gives where the command line does not. */
  ofVariable?(name: string): string | undefined;
  /** A size with a suffix; undefined for what is none. */
  size?(text: string): number | undefined;
}

/** A number with a suffix and without one; only a decimal suffix goes with a fraction. Undefined for what is none. */
export function sizeOf(
  text: string,
  decimal: Readonly<Record<string, number>>,
  binary: Readonly<Record<string, number>>,
): number | undefined {
  const [, digits = '', fraction = '', suffix = ''] = /^(\d+)(\.\d+)?([A-Za-z]*)$/.exec(text.trim()) ?? [];
  if (digits === '') return undefined;
  if (suffix === '') return fraction === '' ? Number(digits) : undefined;
  const factor = decimal[suffix] ?? (fraction === '' ? binary[suffix] : undefined);
  return factor === undefined ? undefined : Math.floor(Number(digits + fraction) * factor);
}
