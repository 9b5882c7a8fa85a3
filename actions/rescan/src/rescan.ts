import { acceptUnknown, findingsBeside, judgeFindings, scanReason, scanVerdict } from '@fairway/clients/scanner/index';
import type { Finding, Judgement, Scanner, ScanPolicy, ScanReport } from '@fairway/clients/scanner/index';
import type { Service } from '@fairway/service';
import { english } from '@fairway/service/reasons/delivery-reason';
import type { Served, ServedImage } from './served.ts';

export type RescanVerdict = 'pass' | 'fail' | 'inconclusive';

/** One served image, scanned again. */
export interface RescannedImage extends ServedImage {
  /** `sha256:…`; empty when the pods name the image by a tag alone. */
  readonly digest: string;
  readonly verdict: RescanVerdict;
  /** One sentence that says why. */
  readonly reason: string;
  /** Absent when nothing could be scanned. */
  readonly scan?: {
    readonly report: ScanReport;
    readonly judgement: Judgement;
    /** Findings that the scan of its delivery did not have; undefined when that scan is not known. */
    readonly fresh?: readonly Finding[];
  };
}

export interface Rescan {
  readonly verdict: RescanVerdict;
  readonly reason: string;
  /** The one with most of the users' requests first. */
  readonly images: readonly RescannedImage[];
  /** What `release.keep` holds for going back; not scanned. */
  readonly kept: readonly ServedImage[];
}

export interface RescanRequest {
  readonly service: Service;
  readonly policy: ScanPolicy;
  /** Folder of the vulnerability database; default: the scanner's own. */
  readonly database?: string;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/** Scans what answers users with the vulnerability data of today, by the SBOMs that the registry has, and judges it as `scan` does. */
export async function rescan(scanner: Scanner, served: Served, request: RescanRequest): Promise<Rescan> {
  const { service } = request;
  const { context, kept } = served;
  const images: RescannedImage[] = [];
  for (const image of served.images) images.push(await rescanImage(scanner, image, request));
  if (images.length === 0)
    return {
      verdict: 'inconclusive',
      reason: `No version of ${service.name} gets users' requests in the namespace ${service.namespace} of the context ${context}, so there was nothing to scan. Check the context, or release the service first.`,
      images,
      kept,
    };
  const worst = (['fail', 'inconclusive', 'pass'] as const).find(one => images.some(({ verdict }) => verdict === one))!;
  const reasons = images.filter(({ verdict }) => verdict === worst).map(({ reason }) => reason);
  return { verdict: worst, reason: [...new Set(reasons)].join(' '), images, kept };
}

async function rescanImage(
  scanner: Scanner,
  served: Served['images'][number],
  request: RescanRequest,
): Promise<RescannedImage> {
  const { policy, database, now, signal } = request;
  const { image, revisions, share } = served;
  const [digest = ''] = /sha256:[0-9a-f]{64}$/.exec(image) ?? [];
  const known = { image, revisions, share, digest };
  if ('problem' in served) return { ...known, verdict: 'inconclusive', reason: served.problem };
  request.progress(`scanning ${digest}`);
  const sbom = Buffer.from(JSON.stringify(served.sbom));
  const scanned = await scanner.scanSbom({ sbom, digest, database, signal });
  const report = acceptUnknown(scanned, policy.unknownPackages ?? [], now);
  const judgement = judgeFindings(report, policy, now);
  return {
    ...known,
    verdict: scanVerdict(report, judgement),
    reason: english(scanReason(report, judgement, policy.failOn)),
    scan: { report, judgement, fresh: served.findings && findingsBeside(report.findings, served.findings) },
  };
}
