import { mkdir, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { compareFindings, findingsBeside, findingsSarif, fixPlan } from '@fairway/clients/scanner/index';
import type { Finding, FixAction } from '@fairway/clients/scanner/index';
import type { Service } from '@fairway/service';
import type { Rescan, RescannedImage } from './rescan.ts';

/** What a run found, as later jobs read it. */
export interface RescanResults {
  readonly service: string;
  readonly namespace: string;
  readonly verdict: string;
  readonly reason: string;
  readonly images: readonly {
    readonly image: string;
    /** `sha256:…`; empty when the pods name the image by a tag alone. */
    readonly digest: string;
    readonly revisions: readonly string[];
    /** Percent of the users' requests. */
    readonly share: number;
    readonly verdict: string;
    readonly reason: string;
    readonly distribution?: string;
    readonly findings: readonly Finding[];
    /** What stops a delivery. */
    readonly blocking: readonly Finding[];
    /** What the scan of its delivery did not have; absent when that scan is not known. */
    readonly new?: readonly Finding[];
  }[];
  readonly kept: Rescan['kept'];
  /** What to do about each package that stops a delivery, in whichever of the images it is. */
  readonly plan: readonly FixAction[];
}

/**
 * Writes `rescan.json`, and `rescan.sarif` where anything was scanned.
 * @param place folder of the service in the repository
 * @returns the path of the SARIF document
 */
export async function writeResults(
  folder: string,
  service: Service,
  place: string,
  rescan: Rescan,
): Promise<string | undefined> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'rescan.json'), JSON.stringify(rescanResults(service, rescan), null, 2));
  const sarif = rescanSarif(rescan, posix.join(place, service.build.dockerfile));
  if (sarif === undefined) return undefined;
  const path = join(folder, 'rescan.sarif');
  await writeFile(path, sarif);
  return path;
}

/** What later jobs read. */
export function rescanResults(service: Pick<Service, 'name' | 'namespace'>, rescan: Rescan): RescanResults {
  return {
    service: service.name,
    namespace: service.namespace,
    verdict: rescan.verdict,
    reason: rescan.reason,
    images: rescan.images.map(({ image, digest, revisions, share, verdict, reason, scan }) => ({
      ...{ image, digest, revisions, share, verdict, reason },
      ...(scan?.report.distribution === undefined ? {} : { distribution: scan.report.distribution }),
      findings: scan?.report.findings ?? [],
      blocking: scan?.judgement.blocking ?? [],
      ...(scan?.fresh === undefined ? {} : { new: scan.fresh }),
    })),
    kept: rescan.kept,
    plan: fixPlan(
      { blocking: ofAll(rescan, ({ judgement }) => judgement.blocking), accepted: [], stated: [] },
      new Map(),
    ),
  };
}

/** One document for all images, since code scanning closes what the newest document does not name; what several have is in it once. */
export function rescanSarif(rescan: Rescan, dockerfile: string): string | undefined {
  const scans = rescan.images.flatMap(({ scan }) => scan ?? []);
  const [first] = scans;
  if (!first) return undefined;
  const settled = new Set(
    scans.flatMap(({ judgement }) => [...judgement.accepted, ...judgement.stated]).map(({ finding }) => finding),
  );
  // what one image is not affected by, another may be
  const findings = ofAll(rescan, ({ report }) => report.findings.filter(finding => !settled.has(finding)));
  return findingsSarif({ ...first.report, findings }, { accepted: [], stated: [] }, dockerfile);
}

/** Findings of all images, each once. */
function ofAll(
  { images }: Rescan,
  findingsOf: (scan: NonNullable<RescannedImage['scan']>) => readonly Finding[],
): readonly Finding[] {
  return images
    .flatMap(({ scan }) => scan ?? [])
    .map(findingsOf)
    .reduce<readonly Finding[]>((all, found) => [...all, ...findingsBeside(found, all)], [])
    .toSorted(compareFindings);
}
