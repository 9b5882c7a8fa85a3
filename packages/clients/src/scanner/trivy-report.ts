import { compareFindings, findingSeverities } from './finding.ts';
import type { Finding, FindingSeverity, ScanReport } from './finding.ts';
import type { ScannerDatabase } from './database.ts';

/** The part of Trivy's JSON (schema 2) that is read. */
export interface TrivyReport {
  readonly Metadata?: { readonly OS?: { readonly Family?: string; readonly Name?: string; readonly EOSL?: boolean } };
  readonly Results?: readonly {
    readonly Class?: string;
    readonly Type?: string;
    readonly Packages?: readonly object[] | null;
    readonly Vulnerabilities?: readonly TrivyVulnerability[] | null;
  }[];
}

interface TrivyVulnerability {
  readonly VulnerabilityID: string;
  readonly PkgName: string;
  readonly InstalledVersion: string;
  readonly FixedVersion?: string;
  readonly Severity?: string;
  readonly Title?: string;
  readonly PrimaryURL?: string;
  readonly References?: readonly string[];
  readonly Layer?: { readonly DiffID?: string };
}

/** Puts a report of Trivy into our words and says what it could not know. */
export function readTrivyReport(
  report: TrivyReport,
  image: string,
  version: string,
  database: ScannerDatabase | undefined,
): ScanReport {
  const results = report.Results ?? [];
  const packages: Record<string, number> = {};
  for (const { Type = 'unknown', Packages } of results) {
    if (Packages?.length) packages[Type] = (packages[Type] ?? 0) + Packages.length;
  }
  const findings = results.flatMap(({ Type = 'unknown', Vulnerabilities }) =>
    (Vulnerabilities ?? []).map(found => finding(found, Type)),
  );
  const system = report.Metadata?.OS;
  const distribution = system?.Family ? `${system.Family} ${system.Name ?? ''}`.trim() : undefined;
  return {
    image,
    scanner: { name: 'trivy', version },
    databaseDate: database?.date,
    distribution,
    packages,
    findings: findings.sort(compareFindings),
    inconclusive: unknowns(system?.Family, system?.Name, packages, results, database),
    notes: [...(system?.EOSL ? [`${distribution} no longer gets security updates.`] : []), ...(database?.notes ?? [])],
  };
}

function unknowns(
  family: string | undefined,
  release: string | undefined,
  packages: Readonly<Record<string, number>>,
  results: NonNullable<TrivyReport['Results']>,
  database: ScannerDatabase | undefined,
): string[] {
  if (!Object.keys(packages).length) return ['The scanner found no packages in the image, so it compared nothing.'];
  const found: string[] = [];
  if (!family)
    found.push(
      'The scanner does not know the distribution of the image, so packages of a distribution were not looked at.',
    );
  if (!database?.platforms) return found;
  const platform = `${family} ${release?.split('.')[0] ?? ''}`;
  if (family && !database.platforms.includes(platform)) {
    found.push(`The vulnerability database knows ${database.platforms.join(', ')}; the image is ${platform}.`);
  }
  const languages = new Set(
    results
      .filter(result => result.Class === 'lang-pkgs' && result.Packages?.length)
      .map(result => result.Type ?? 'unknown'),
  );
  for (const ecosystem of languages) {
    found.push(
      `The vulnerability database holds nothing about the ${packages[ecosystem]} packages of the kind ${ecosystem}.`,
    );
  }
  return found;
}

function finding(found: TrivyVulnerability, ecosystem: string): Finding {
  const severity = found.Severity?.toLowerCase() as FindingSeverity;
  return {
    id: found.VulnerabilityID,
    severity: findingSeverities.includes(severity) ? severity : 'unknown',
    package: found.PkgName,
    ecosystem,
    installed: found.InstalledVersion,
    ...(found.FixedVersion ? { fixed: found.FixedVersion } : {}),
    title: found.Title ?? found.VulnerabilityID,
    url: found.References?.[0] ?? found.PrimaryURL,
    layer: found.Layer?.DiffID,
  };
}
