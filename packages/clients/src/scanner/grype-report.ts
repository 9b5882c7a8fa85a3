import { findingSeverities, isOfOneVulnerability } from './finding.ts';
import { fixedVersion } from './fixed-version.ts';
import { families, kindOf, systems, wordsOf } from './package-kind.ts';
import { scanReport } from './scan-report.ts';
import type { ScannerDatabase } from './database.ts';
import type { Finding, FindingSeverity, ScanReport } from './finding.ts';

/** The part of Grype's JSON that is read. */
export interface GrypeReport {
  readonly matches: readonly GrypeMatch[];
  readonly distro: { readonly name?: string; readonly version?: string };
  readonly alertsByPackage?: readonly { readonly alerts: readonly { readonly type: string }[] }[] | null;
  readonly descriptor: { readonly db?: { readonly status?: { readonly built?: string } } };
}

interface GrypeMatch {
  readonly vulnerability: GrypeVulnerability & {
    readonly fix: { readonly versions: readonly string[]; readonly state: string };
  };
  readonly relatedVulnerabilities: readonly GrypeVulnerability[];
  readonly artifact: {
    readonly name: string;
    readonly version: string;
    readonly type: string;
    readonly purl?: string;
    readonly locations?:
      | readonly {
          readonly path: string;
          readonly layerID?: string;
          readonly annotations?: { readonly evidence?: string };
        }[]
      | null;
  };
}

interface GrypeVulnerability {
  readonly id: string;
  readonly dataSource?: string;
  readonly severity?: string;
  readonly description?: string;
  readonly cvss?: readonly {
    readonly source?: string;
    readonly type?: string;
    readonly version: string;
    readonly vector: string;
    readonly metrics: { readonly baseScore: number };
  }[];
  readonly epss?: readonly { readonly epss: number }[];
  readonly knownExploited?: readonly object[];
}

/** The part of a CycloneDX document that is read. */
interface Bom {
  readonly components?: readonly { readonly purl?: string }[];
}

/**
 * Puts a report of Grype into our words and says what it could not know.
 * @param sbom CycloneDX of what was scanned, for the packages without a finding
 */
export function readGrypeReport(
  report: GrypeReport,
  sbom: string,
  image: string,
  version: string,
  database: ScannerDatabase,
): ScanReport {
  const packages: Record<string, number> = {};
  const languages = new Set<string>();
  const purls = ((JSON.parse(sbom) as Bom).components ?? []).flatMap(({ purl }) => purl ?? []);
  const ofDistribution = programsOf(purls);
  for (const purl of purls) {
    if (ofDistribution.has(purl)) continue;
    const { ecosystem, language } = kindOf(purl);
    packages[ecosystem] = (packages[ecosystem] ?? 0) + 1;
    if (language) languages.add(ecosystem);
  }
  const { name, version: release = '' } = report.distro;
  const ended = report.alertsByPackage?.some(({ alerts }) => alerts.some(({ type }) => type === 'distro-eol')) ?? false;
  return scanReport({
    ...{ image, packages, languages },
    database: { ...database, date: report.descriptor.db?.status?.built ?? database.date },
    scanner: { name: 'grype', version },
    ...(name ? { system: { family: families[name] ?? name, release, ended } } : {}),
    findings: report.matches.filter(({ artifact }) => !ofDistribution.has(artifact.purl ?? '')).flatMap(findings),
  });
}

/**
 * The programs that Grype knows by their bytes though a package of the distribution brought them: where /bin is a link to /usr/bin, a program does not
 * lie at the path that its package has for it. What is known of the package, with the fixes of the distribution, is known of the program.
 */
function programsOf(purls: readonly string[]): ReadonlySet<string> {
  const all = purls.map(purl => ({ purl, ...wordsOf(purl) }));
  const packages = all.filter(({ type }) => systems.has(type));
  const programs = all.filter(({ type, name, version }) => {
    if (type !== 'generic' || !version) return false;
    return packages.some(one => {
      // python is of python3.11, and 3.11.2 of 3.11.2-6+deb12u6
      const own = one.version.replace(/^\d+:/, '');
      const same = own === version || ['-', '+', '~'].some(sign => own.startsWith(`${version}${sign}`));
      return same && one.name.startsWith(name);
    });
  });
  return new Set(programs.map(({ purl }) => purl));
}

/** What Grype calls a distribution's state of a fix, in Trivy's words. */
const states: Readonly<Record<string, string>> = {
  fixed: 'fixed',
  'not-fixed': 'affected',
  'wont-fix': 'will_not_fix',
};

/** A match is about one vulnerability, or about those that an advisory of a distribution names. */
function findings(match: GrypeMatch): readonly Finding[] {
  const { vulnerability, relatedVulnerabilities: related, artifact } = match;
  const { ecosystem, language } = artifact.purl ? kindOf(artifact.purl) : { ecosystem: artifact.type, language: true };
  const severity = (vulnerability.severity ?? '').toLowerCase().replace('negligible', 'low') as FindingSeverity;
  const place =
    artifact.locations?.find(({ annotations }) => annotations?.evidence === 'primary') ?? artifact.locations?.[0];
  const fixed = fixedVersion(ecosystem, artifact.version, vulnerability.fix.versions.join(','));
  const cvss = score(match);
  const epss = [vulnerability, ...related].flatMap(one => one.epss ?? [])[0]?.epss;
  const exploited = [vulnerability, ...related].some(one => one.knownExploited?.length);
  const status = states[vulnerability.fix.state];
  const description = [vulnerability, ...related].find(one => one.description)?.description;
  return named(match).map(([id = '', ...aliases]) => ({
    id,
    ...(aliases.length ? { aliases } : {}),
    severity: findingSeverities.includes(severity) ? severity : 'unknown',
    package: artifact.name,
    ecosystem,
    installed: artifact.version,
    ...(artifact.purl ? { purl: artifact.purl } : {}),
    ...(language && place ? { path: place.path.replace(/^\/+/, '') } : {}),
    ...(fixed ? { fixed } : {}),
    title: description?.split('\n', 1)[0]?.slice(0, 200) ?? id,
    url: vulnerability.dataSource,
    layer: place?.layerID,
    ...(status ? { status } : {}),
    ...(cvss ? { cvss } : {}),
    ...(epss === undefined ? {} : { epss }),
    ...(exploited ? { exploited: true } : {}),
  }));
}

/** The identifiers of each vulnerability that a match is about, that of CVE first. */
function named({ vulnerability: { id }, relatedVulnerabilities }: GrypeMatch): readonly (readonly string[])[] {
  const others = relatedVulnerabilities.map(one => one.id).filter(other => other !== id);
  if (!isOfOneVulnerability(id) && others.length) return others.map(other => [other]);
  return [[id, ...others].sort((a, b) => Number(b.startsWith('CVE-')) - Number(a.startsWith('CVE-')))];
}

function score({ vulnerability, relatedVulnerabilities }: GrypeMatch): Finding['cvss'] {
  const scores = [vulnerability, ...relatedVulnerabilities].find(({ cvss }) => cvss?.length)?.cvss ?? [];
  const [best] = scores.toSorted(
    (a, b) => Number(b.type === 'Primary') - Number(a.type === 'Primary') || Number(b.version) - Number(a.version),
  );
  return best && { score: best.metrics.baseScore, vector: best.vector, source: best.source ?? '' };
}
