import { compareFindings, findingSeverities, identifiers, isSameVulnerability } from './finding.ts';
import { nothingKnown } from './accept-unknown.ts';
import { fixedVersion } from './fixed-version.ts';
import type { Finding, FindingSeverity, ScanReport } from './finding.ts';
import type { ScannerDatabase } from './database.ts';

/** The part of Trivy's JSON (schema 2) that is read. */
export interface TrivyReport {
  readonly Metadata?: { readonly OS?: { readonly Family?: string; readonly Name?: string; readonly EOSL?: boolean } };
  readonly Results?: readonly {
    readonly Target?: string;
    readonly Class?: string;
    readonly Type?: string;
    readonly Packages?: readonly object[] | null;
    readonly Vulnerabilities?: readonly TrivyVulnerability[] | null;
  }[];
}

interface TrivyVulnerability {
  readonly VulnerabilityID: string;
  readonly VendorIDs?: readonly string[];
  readonly PkgName: string;
  readonly PkgPath?: string;
  readonly PkgIdentifier?: { readonly PURL?: string };
  readonly InstalledVersion: string;
  readonly FixedVersion?: string;
  readonly Status?: string;
  readonly SeveritySource?: string;
  readonly CVSS?: Readonly<Record<string, TrivyScores>>;
  readonly Severity?: string;
  readonly Title?: string;
  readonly PrimaryURL?: string;
  readonly References?: readonly string[];
  readonly Layer?: { readonly DiffID?: string };
}

interface TrivyScores {
  readonly V2Vector?: string;
  readonly V2Score?: number;
  readonly V3Vector?: string;
  readonly V3Score?: number;
  readonly V40Vector?: string;
  readonly V40Score?: number;
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
  const findings = merged(
    results.flatMap(({ Type = 'unknown', Class, Target, Vulnerabilities }) =>
      (Vulnerabilities ?? []).map(found => finding(found, Type, Class === 'lang-pkgs' ? Target : undefined)),
    ),
  );
  const system = report.Metadata?.OS;
  const distribution = system?.Family ? `${system.Family} ${system.Name ?? ''}`.trim() : undefined;
  return {
    image,
    scanner: { name: 'trivy', version },
    databaseDate: database?.date,
    distribution,
    packages,
    findings: [...findings].sort(compareFindings),
    inconclusive: [
      ...unknowns(system?.Family, system?.Name, packages, results, database),
      ...unwatched(results, system),
    ],
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
    found.push(nothingKnown(ecosystem, packages[ecosystem]));
  }
  return found;
}

/** Advisories end with the support of a release: that there is none says nothing about it. */
function unwatched(
  results: NonNullable<TrivyReport['Results']>,
  system: NonNullable<TrivyReport['Metadata']>['OS'],
): readonly string[] {
  const found = results.some(({ Class, Vulnerabilities }) => Class === 'os-pkgs' && Vulnerabilities?.length);
  if (!system?.EOSL || found) return [];
  return [
    `${system.Family} ${system.Name} no longer gets security updates, so no data says whether its packages are vulnerable: build on a supported release.`,
  ];
}

// an advisory of a distribution, such as a DSA or RHSA, is about several vulnerabilities and no other name of one
const ofOneVulnerability = /^(CVE|GHSA|GO|PYSEC|RUSTSEC)-/;

// what Trivy calls the result of packages that each have a file of their own
const gathered = new Set(['Python', 'Node.js', 'Java', 'Ruby', 'Conda', 'PHP', '.NET', 'Julia', 'Kubernetes']);

function finding(found: TrivyVulnerability, ecosystem: string, target: string | undefined): Finding {
  const severity = found.Severity?.toLowerCase() as FindingSeverity;
  const path = found.PkgPath || (target === undefined || gathered.has(target) ? undefined : target);
  const fixed = fixedVersion(ecosystem, found.InstalledVersion, found.FixedVersion ?? '');
  const cvss = score(found);
  const aliases = found.VendorIDs?.filter(id => ofOneVulnerability.test(id));
  const purl = found.PkgIdentifier?.PURL;
  return {
    id: found.VulnerabilityID,
    ...(aliases?.length ? { aliases } : {}),
    severity: findingSeverities.includes(severity) ? severity : 'unknown',
    package: found.PkgName,
    ecosystem,
    installed: found.InstalledVersion,
    ...(purl ? { purl } : {}),
    ...(path ? { path: path.replace(/^\/+/, '') } : {}),
    ...(fixed ? { fixed } : {}),
    title: found.Title ?? found.VulnerabilityID,
    url: found.References?.[0] ?? found.PrimaryURL,
    layer: found.Layer?.DiffID,
    ...(found.Status ? { status: found.Status } : {}),
    ...(cvss ? { cvss } : {}),
  };
}

function score({ CVSS = {}, SeveritySource }: TrivyVulnerability): Finding['cvss'] {
  const scores = Object.entries(CVSS).flatMap(([source, of]) => {
    const [vector, value] = of.V40Score
      ? [of.V40Vector, of.V40Score]
      : of.V3Score
        ? [of.V3Vector, of.V3Score]
        : [of.V2Vector, of.V2Score];
    return vector && value ? [{ score: value, vector, source }] : [];
  });
  return (
    scores.find(({ source }) => source === SeveritySource) ??
    scores.find(({ source }) => source === 'nvd') ??
    scores.sort((a, b) => b.score - a.score)[0]
  );
}

/** Two identifiers of one vulnerability in one package at one place are one finding; the worse severity stands. */
function merged(findings: readonly Finding[]): readonly Finding[] {
  const places = Map.groupBy(findings, ({ package: name, installed, path }) => JSON.stringify([name, installed, path]));
  return [...places.values()].flatMap(group =>
    group.toSorted(compareFindings).reduce<Finding[]>((kept, next) => {
      const at = kept.findIndex(one => isSameVulnerability(one, next));
      const same = kept[at];
      if (!same) return [...kept, next];
      const aliases = [...new Set([...identifiers(same), ...identifiers(next)])].filter(id => id !== same.id);
      return kept.with(at, { ...same, ...(aliases.length ? { aliases } : {}), fixed: same.fixed ?? next.fixed });
    }, []),
  );
}
