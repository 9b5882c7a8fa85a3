/** Worst first. */
export const findingSeverities = ['critical', 'high', 'medium', 'low', 'unknown'] as const;
export type FindingSeverity = (typeof findingSeverities)[number];

/** One vulnerability in one package, in the same words whichever scanner found it. */
export interface Finding {
  /** Such as CVE-2026-1234. */
  readonly id: string;
  readonly severity: FindingSeverity;
  readonly package: string;
  /** "debian", "ubuntu", "alpine", "python-pkg", "node-pkg", "gobinary"… */
  readonly ecosystem: string;
  readonly installed: string;
  /** First version without it; absent while there is none. */
  readonly fixed?: string;
  readonly title: string;
  readonly url?: string;
  /** Digest of the uncompressed layer that brought the package. */
  readonly layer?: string;
}

/** What was scanned and what could be said of it. */
export interface ScanReport {
  readonly image: string;
  readonly scanner: { readonly name: string; readonly version: string };
  /** RFC 3339: the date of the vulnerability data. */
  readonly databaseDate?: string;
  /** Such as "debian 12.15". */
  readonly distribution?: string;
  /** Packages looked at, by ecosystem. */
  readonly packages: Readonly<Record<string, number>>;
  /** Worst first, then by package and identifier. */
  readonly findings: readonly Finding[];
  /** Why the findings are not the whole truth, as sentences; with any of these an empty list is no pass. */
  readonly inconclusive: readonly string[];
  /** What a reader should know, such as the limits of the database. */
  readonly notes: readonly string[];
}

export function compareFindings(a: Finding, b: Finding): number {
  return (
    findingSeverities.indexOf(a.severity) - findingSeverities.indexOf(b.severity) ||
    a.package.localeCompare(b.package) ||
    a.id.localeCompare(b.id)
  );
}
