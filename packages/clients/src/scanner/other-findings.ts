import { PackageURL } from 'packageurl-js';
import * as z from 'zod';
import { compareFindings, mergeFindings } from './finding.ts';
import type { Finding, FindingSeverity } from './finding.ts';
import { compareVersions, fixedVersion } from './fixed-version.ts';
import { listedPackages } from './listed-packages.ts';
import type { ListedPackage } from './listed-packages.ts';
import { cycloneDxFindings } from './other-cyclonedx.ts';
import { sarifFindings } from './other-sarif.ts';
import { kindOf, systems } from './package-kind.ts';
import type { ScannedImage } from './scanner.ts';

/** What another scanner found, in the words of its report. */
export interface OtherFinding {
  /** Identifiers of the one vulnerability, that of CVE first where it has one. */
  readonly ids: readonly [string, ...string[]];
  readonly severity: FindingSeverity;
  readonly package: { readonly name: string; readonly version?: string } | { readonly purl: string };
  /** Versions that have the fix, as `fixedVersion` takes them. */
  readonly fixed?: string;
  readonly title?: string;
  readonly url?: string;
}

/** A report of another scanner about the built image. */
export interface OtherReport {
  readonly file: string;
  /** Who wrote it, as it says. */
  readonly tool: string;
  readonly findings: readonly OtherFinding[];
}

/**
 * Reads a report of another scanner: the vulnerabilities of a CycloneDX document (JSON), or the results of a SARIF one that name packages.
 * @throws Error that says what is wrong with it
 */
export function readOtherReport(file: string, text: string): OtherReport {
  const value = JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  if (typeof value === 'object' && value !== null) {
    try {
      if ('bomFormat' in value) return { file, ...cycloneDxFindings(value) };
      if ('runs' in value) return { file, ...sarifFindings(value) };
    } catch (error) {
      const [issue] = error instanceof z.ZodError ? error.issues : [];
      throw issue ? new Error(`${issue.path.map(String).join('.')}: ${issue.message}`) : error;
    }
  }
  throw new Error('it has neither `bomFormat` nor `runs`');
}

/**
 * The report of an image with what others found in it, or in the image that it was made from. What lies in the image counts: where a package has
 * the fix by now its finding is gone. A package that the image's SBOM does not have is as the other scanner says.
 */
export function withOtherFindings(scanned: ScannedImage, others: readonly OtherReport[]): ScannedImage {
  if (others.length === 0) return scanned;
  const packages = scanned.sbom ? listedPackages(scanned.sbom) : [];
  const found = others.map(other => ({ other, here: other.findings.flatMap(one => placed(one, packages)) }));
  return {
    ...scanned,
    findings: [...mergeFindings([...scanned.findings, ...found.flatMap(({ here }) => here)])].sort(compareFindings),
    notes: [...scanned.notes, ...found.map(({ other, here }) => note(other, here))],
  };
}

function note({ file, tool, findings }: OtherReport, here: readonly Finding[]): string {
  const said = `${file} by ${tool} has ${findings.length} findings; ${here.length} are of packages in this image that do not have the fix.`;
  if (here.length === 0 || here.some(({ fixed }) => fixed !== undefined)) return said;
  return `${said} It names no fixed version, so it stops nothing that the scanner does not stop.`;
}

/** The finding for each package of the image that it is about. */
function placed(other: OtherFinding, packages: readonly ListedPackage[]): readonly Finding[] {
  const about = named(other.package);
  const all = packages.filter(({ names, type }) => names.includes(about.name) && type === (about.type ?? type));
  if (all.length === 0) {
    const { name, version: installed = '', purl } = about;
    const ecosystem = purl === undefined ? 'unknown' : kindOf(purl).ecosystem;
    return [finding(other, about, { package: name, ecosystem, installed, ...(purl === undefined ? {} : { purl }) })];
  }
  // of a package in several versions only those that it names are meant, while there are any
  const same = all.filter(({ installed }) => installed === about.version);
  return (same.length > 0 ? same : all)
    .map(({ names: _names, type: _type, ...one }) => finding(other, about, one))
    .filter(({ ecosystem, installed, fixed }) => fixed === undefined || !isEnough(ecosystem, installed, fixed));
}

interface Named {
  /** As `ListedPackage` has it. */
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  /** Of the package URL. */
  readonly type?: string;
}

function named(of: OtherFinding['package']): Named {
  if (!('purl' in of)) return of;
  const { type, namespace, name, version } = PackageURL.fromString(of.purl);
  const whole = systems.has(type) || !namespace ? name : `${namespace}/${name}`;
  return { name: whole, purl: of.purl, type, ...(version ? { version } : {}) };
}

function finding(
  { ids: [id, ...aliases], severity, fixed: versions, title = id, url }: OtherFinding,
  { version }: Named,
  one: Pick<Finding, 'package' | 'ecosystem' | 'installed' | 'purl' | 'path' | 'layer'>,
): Finding {
  // the line that had the finding says which of several fixes is meant, whatever is installed by now
  const fixed = versions === undefined ? undefined : fixedVersion(one.ecosystem, version ?? one.installed, versions);
  return { id, ...(aliases.length ? { aliases } : {}), severity, ...one, ...(fixed ? { fixed } : {}), title, url };
}

/** Advisories name the version of a source package, whose epoch that of its packages may not have. */
function isEnough(ecosystem: string, installed: string, fixed: string): boolean {
  const [one, other] = /^\d+:/.test(fixed) ? [installed, fixed] : [installed.replace(/^\d+:/, ''), fixed];
  return compareVersions(ecosystem, one, other) >= 0;
}
