import { nothingKnown } from './accept-unknown.ts';
import { compareFindings, mergeFindings } from './finding.ts';
import type { ScannerDatabase } from './database.ts';
import type { Finding, ScanReport } from './finding.ts';

/** What a scanner reported, in our words. */
interface Scanned extends Pick<ScanReport, 'image' | 'scanner' | 'packages'> {
  readonly system?: {
    /** In Trivy's words, such as "debian". */
    readonly family: string;
    readonly release: string;
    /** Whether it no longer gets security updates. */
    readonly ended: boolean;
  };
  /** Those of the packages' kinds that are languages and not distributions. */
  readonly languages: ReadonlySet<string>;
  readonly findings: readonly Finding[];
  readonly database: ScannerDatabase | undefined;
}

/** The findings in their order, and what the scanner could not know. */
export function scanReport({ languages, system, database, ...scanned }: Scanned): ScanReport {
  const distribution = system && `${system.family} ${system.release}`.trim();
  const findings = [...mergeFindings(scanned.findings)].sort(compareFindings);
  // advisories end with the support of a release: that there is none says nothing about it
  const unwatched = system?.ended && findings.every(({ ecosystem }) => languages.has(ecosystem));
  return {
    image: scanned.image,
    scanner: scanned.scanner,
    databaseDate: database?.date,
    distribution,
    packages: scanned.packages,
    findings,
    inconclusive: [
      ...unknowns(system, scanned.packages, languages, database),
      ...(unwatched
        ? [
            `${distribution} no longer gets security updates, so no data says whether its packages are vulnerable: build on a supported release.`,
          ]
        : []),
    ],
    notes: [...(system?.ended ? [`${distribution} no longer gets security updates.`] : []), ...(database?.notes ?? [])],
  };
}

function unknowns(
  system: Scanned['system'],
  packages: Scanned['packages'],
  languages: Scanned['languages'],
  database: ScannerDatabase | undefined,
): string[] {
  if (!Object.keys(packages).length) return ['The scanner found no packages in the image, so it compared nothing.'];
  const found: string[] = [];
  if (!system)
    found.push(
      'The scanner does not know the distribution of the image, so packages of a distribution were not looked at.',
    );
  if (!database?.platforms) return found;
  const platform = system && `${system.family} ${system.release.split('.')[0]}`;
  if (platform !== undefined && !database.platforms.includes(platform)) {
    found.push(`The vulnerability database knows ${database.platforms.join(', ')}; the image is ${platform}.`);
  }
  for (const language of languages) found.push(nothingKnown(language, packages[language]));
  return found;
}
