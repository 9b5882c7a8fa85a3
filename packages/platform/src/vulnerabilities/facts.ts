import { join } from 'node:path';
import { aptRoot } from './apt-root.ts';
import type { ChangelogFix } from './changelog.ts';
import { collectFixes } from './collect-fixes.ts';

interface Fact {
  readonly version: string;
  /** UNKNOWN, LOW, MEDIUM, HIGH or CRITICAL. */
  readonly severity: string;
  readonly title: string;
  readonly url: string;
  /** As in `5.0 <6`, of packages of languages. */
  readonly vulnerable?: string;
}

/** By package and identifier. */
export type Facts = Readonly<Record<string, Readonly<Record<string, Fact>>>>;

/** What a database is made of; the program vulnerability-database takes it as it is. */
export interface FactsDocument {
  /** Such as "debian 12". */
  readonly platform: string;
  readonly source: string;
  readonly url: string;
  /** RFC 3339: the date of the data. */
  readonly updatedAt: string;
  readonly nextUpdate: string;
  /** Of packages of the distribution, by source package. */
  readonly fixes: Facts;
  readonly python?: Facts;
  readonly node?: Facts;
}

const day = 24 * 60 * 60 * 1000;

/**
 * The fixes that the security updates of a Debian release name in their changelogs.
 * @param work folder in which lists and what was read stay
 * @param packages binary packages that matter; default: every updated package that is not huge
 */
export async function changelogFacts(
  work: string,
  suite: string,
  packages: readonly string[] | undefined,
  signal: AbortSignal,
  progress: (message: string) => void,
): Promise<{ readonly document: FactsDocument; readonly limits: readonly string[] }> {
  const root = await aptRoot(work, suite, signal);
  const { fixes, left } = await collectFixes(root, join(work, 'fixes'), packages, signal, progress);
  const skipped = Object.keys(left);
  return {
    document: {
      platform: `debian ${root.version}`,
      source: `changelogs of ${suite}-security`,
      url: 'https://security-tracker.debian.org/tracker/',
      updatedAt: root.updatedAt.toISOString(),
      nextUpdate: new Date(root.updatedAt.getTime() + day).toISOString(),
      fixes: Object.fromEntries(
        Object.entries(fixes)
          .filter(([, of]) => Object.keys(of).length > 0)
          .map(([source, of]) => [source, entries(source, of)]),
      ),
    },
    limits: [
      `Only packages of Debian ${suite} that have a security update are known, so every finding can be fixed and a vulnerability without a fix is not seen.`,
      'Severity is the urgency of the upload that fixed it, not a CVSS score.',
      'Packages of Python, Node and other languages are not known at all.',
      ...(skipped.length ? [`Left out: ${skipped.sort().join(', ')}.`] : []),
    ],
  };
}

const severityOf: Readonly<Record<string, string>> = {
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  critical: 'CRITICAL',
  emergency: 'CRITICAL',
};

function entries(source: string, fixes: Readonly<Record<string, ChangelogFix>>) {
  return Object.fromEntries(
    Object.entries(fixes).map(([id, fix]) => [
      id,
      {
        version: fix.version,
        severity: severityOf[fix.urgency] ?? 'UNKNOWN',
        title: fix.text === id ? `Fixed in ${source} ${fix.version}` : fix.text,
        url: `https://security-tracker.debian.org/tracker/${id}`,
      },
    ]),
  );
}
