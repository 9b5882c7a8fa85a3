import { compareVersions } from './fixed-version.ts';

/** Worst first. */
export const findingSeverities = ['critical', 'high', 'medium', 'low', 'unknown'] as const;
export type FindingSeverity = (typeof findingSeverities)[number];

/** One vulnerability in one package, in the same words whichever scanner found it. */
export interface Finding {
  /** Such as CVE-2026-1234. */
  readonly id: string;
  /** Other identifiers of the same vulnerability, such as GHSA-…; absent when there is none. */
  readonly aliases?: readonly string[];
  readonly severity: FindingSeverity;
  readonly package: string;
  /** In Trivy's words: "debian", "ubuntu", "alpine", "python-pkg", "node-pkg", "gobinary"… */
  readonly ecosystem: string;
  readonly installed: string;
  /** Package URL, such as pkg:deb/debian/libssl3@3.0.20-1. */
  readonly purl?: string;
  /** The file that holds the package, without a leading slash: a program written in Go, the metadata of a Python package, a lock file. */
  readonly path?: string;
  /** The nearest newer version without it; absent while there is none. */
  readonly fixed?: string;
  readonly title: string;
  readonly url?: string;
  /** Digest of the uncompressed layer that brought the package. */
  readonly layer?: string;
  /** What the distribution does about it, in Trivy's words: "fixed", "affected", "will_not_fix", "fix_deferred", "end_of_life"… */
  readonly status?: string;
  /** The score of whoever gave the severity, else of NVD, else the highest. */
  readonly cvss?: { readonly score: number; readonly vector: string; readonly source: string };
  /** Probability, 0 to 1, that it is exploited within 30 days, as FIRST estimates it (EPSS); absent where the scanner does not know. */
  readonly epss?: number;
  /** It is in CISA's catalog of vulnerabilities that are exploited (KEV); absent where it is not, or the scanner does not know. */
  readonly exploited?: true;
}

/** What was scanned and what could be said of it. */
export interface ScanReport {
  /** `sha256:…` of the image's manifest. */
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
  /** What was not looked at and is accepted by the policy, as sentences; absent when nothing is. */
  readonly accepted?: readonly string[];
  /** What a reader should know, such as the limits of the database. */
  readonly notes: readonly string[];
}

/** The report of a scanner that compared nothing. */
export function unscanned(image: string, { name, version }: ScanReport['scanner'], reason: string): ScanReport {
  return { image, scanner: { name, version }, packages: {}, findings: [], inconclusive: [reason], notes: [] };
}

export function compareFindings(a: Finding, b: Finding): number {
  return (
    findingSeverities.indexOf(a.severity) - findingSeverities.indexOf(b.severity) ||
    a.package.localeCompare(b.package) ||
    a.id.localeCompare(b.id) ||
    (a.path ?? '').localeCompare(b.path ?? '')
  );
}

/** Every identifier by which a vulnerability is known: a policy or a VEX statement may name any of them. */
export function identifiers({ id, aliases = [] }: Pick<Finding, 'id' | 'aliases'>): readonly string[] {
  return [id, ...aliases];
}

/** Whether both name one vulnerability, each by any of its identifiers. */
export function isSameVulnerability(
  one: Pick<Finding, 'id' | 'aliases'>,
  other: Pick<Finding, 'id' | 'aliases'>,
): boolean {
  const known = identifiers(other);
  return identifiers(one).some(id => known.includes(id));
}

/** What says which vulnerability a finding is, and where. */
type PlacedFinding = Pick<Finding, 'id' | 'aliases' | 'package' | 'path'> & Partial<Pick<Finding, 'installed'>>;

/** Where a package lies whatever its version: the metadata of Python packages and many archives have it in their names. */
export function lastingPath({ path = '', installed }: Partial<Pick<Finding, 'path' | 'installed'>>): string {
  // Python writes versions into names in a spelling of its own
  const lasting = path.replace(/-[^/]*(?=\.(?:dist|egg)-info(?:\/|$))/, '');
  if (!installed) return lasting;
  const version = installed.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return lasting.replaceAll(new RegExp(`[-_@]${version}(?![0-9A-Za-z])`, 'g'), '');
}

/** The findings that others do not have: the same vulnerability, in the same package at the same place, whatever its version. */
export function findingsBeside<One extends PlacedFinding>(
  findings: readonly One[],
  others: readonly PlacedFinding[],
): readonly One[] {
  return findings.filter(
    one =>
      !others.some(
        other =>
          other.package === one.package && lastingPath(other) === lastingPath(one) && isSameVulnerability(other, one),
      ),
  );
}

/** Two identifiers of one vulnerability in one package at one place are one finding; the worse severity stands. */
export function mergeFindings(findings: readonly Finding[]): readonly Finding[] {
  const places = Map.groupBy(findings, ({ package: name, installed, path }) => JSON.stringify([name, installed, path]));
  return [...places.values()].flatMap(group =>
    group.toSorted(compareFindings).reduce<Finding[]>((stored, next) => {
      const at = stored.findIndex(one => isSameVulnerability(one, next));
      const same = stored[at];
      if (!same) return [...stored, next];
      const aliases = [...new Set([...identifiers(same), ...identifiers(next)])].filter(id => id !== same.id);
      // each source names the version in which it saw the end
      const fixed = [same.fixed, next.fixed]
        .flatMap(version => version ?? [])
        .toSorted((a, b) => compareVersions(same.ecosystem, a, b))
        .at(-1);
      return stored.with(at, { ...same, ...(aliases.length ? { aliases } : {}), fixed });
    }, []),
  );
}

/** Whether an identifier is of one vulnerability: an advisory of a distribution, such as a DSA or RHSA, is about several. */
export function isOfOneVulnerability(id: string): boolean {
  return /^(CVE|GHSA|GO|PYSEC|RUSTSEC|CGA|BIT|TEMP)-/.test(id);
}
