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
  /**
   * What the image's shell runs with names of packages as parameters, without network or rights. It prints each one that no other package needs, and behind
   * it the line of a Dockerfile that removes it. Absent where nobody can say that.
   */
  readonly removable?: string;
  /** Files that the step sees under /dev/shm, which is part of no layer. */
  readonly files?: Readonly<Record<string, string>>;
}

/** @param question ends with 0 where the package manager would remove "$name" alone */
export function removable(question: string, command: string): string {
  return `for name; do ${question} && echo "$name RUN ${command} $name"; done`;
}

/** Of distributions with RPM. What dnf protects, itself among others, is a line of these files (dnf.conf(5), protected_packages). */
export const rpmRemovable = removable(
  '! grep -qxs "$name" /etc/dnf/protected.d/*.conf /etc/yum/protected.d/*.conf && rpm --erase --test "$name" >/dev/null 2>&1',
  'rpm --erase',
);

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
