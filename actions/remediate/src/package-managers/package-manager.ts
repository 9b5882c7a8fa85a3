/** A package and the oldest version that is good enough. */
export interface Wanted {
  readonly package: string;
  readonly atLeast: string;
  /** Folder of the packages of a language that it is one of, without a leading slash. */
  readonly environment?: string;
}

/** Upgrades packages of an image in one RUN step. */
export interface PackageManager {
  /** What the step runs by the image's shell. It ends with another code than 0 where one of the packages is refused. */
  script(wanted: readonly Wanted[]): string;
  /** The line by which it says why it refused. */
  readonly refusal: RegExp;
  /** In parentheses: what it says of a source that it could not read. */
  readonly unreadable?: RegExp;
  /** Files that the step sees under /dev/shm, which is part of no layer. */
  readonly files?: Readonly<Record<string, string>>;
}

/** One line of a Dockerfile for each package. */
export function listed(wanted: readonly Wanted[]): string {
  return wanted
    .map(each => each.package)
    .toSorted()
    .join(' \\\n      ');
}

/** As the shell takes it without looking at it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
