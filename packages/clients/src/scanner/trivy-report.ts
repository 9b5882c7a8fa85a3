import { findingSeverities, isOfOneVulnerability } from './finding.ts';
import { fixedVersion } from './fixed-version.ts';
import { scanReport } from './scan-report.ts';
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
  const languages = new Set<string>();
  for (const { Type = 'unknown', Class, Packages } of results) {
    if (!Packages?.length) continue;
    packages[Type] = (packages[Type] ?? 0) + Packages.length;
    if (Class === 'lang-pkgs') languages.add(Type);
  }
  const { Family, Name = '', EOSL = false } = report.Metadata?.OS ?? {};
  return scanReport({
    ...{ image, packages, languages, database },
    scanner: { name: 'trivy', version },
    ...(Family ? { system: { family: Family, release: Name, ended: EOSL } } : {}),
    findings: results.flatMap(({ Type = 'unknown', Class, Target, Vulnerabilities }) =>
      (Vulnerabilities ?? []).map(found => finding(found, Type, Class === 'lang-pkgs' ? Target : undefined)),
    ),
  });
}

// what Trivy calls the result of packages that each have a file of their own
const gathered = new Set(['Python', 'Node.js', 'Java', 'Ruby', 'Conda', 'PHP', '.NET', 'Julia', 'Kubernetes']);

function finding(found: TrivyVulnerability, ecosystem: string, target: string | undefined): Finding {
  const severity = found.Severity?.toLowerCase() as FindingSeverity;
  const path = found.PkgPath || (target === undefined || gathered.has(target) ? undefined : target);
  const fixed = fixedVersion(ecosystem, found.InstalledVersion, found.FixedVersion ?? '');
  const cvss = score(found);
  const aliases = found.VendorIDs?.filter(isOfOneVulnerability);
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
