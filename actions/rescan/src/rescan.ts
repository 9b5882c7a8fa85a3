import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { acceptUnknown, findingsBeside, judgeFindings, scanReason, scanVerdict } from '@fairway/clients/scanner/index';
import type { Finding, Judgement, Scanner, ScanPolicy, ScanReport } from '@fairway/clients/scanner/index';
import { openImage } from '@fairway/clients/registry/index';
import type { RegistryLogin } from '@fairway/clients/registry/index';
import type { Trust } from '@fairway/clients/sigstore/index';
import type { Service } from '@fairway/service';
import { attested } from './attested.ts';
import { servedImages } from './served-images.ts';
import type { ServedImage } from './served-images.ts';

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
  readonly user: Omit<RegistryLogin, 'registry'>;
  /** Whose signature the SBOMs must have. */
  readonly trust?: Trust;
  /** Folder of the vulnerability database; default: the scanner's own. */
  readonly database?: string;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/** Scans what answers users with the vulnerability data of today, by the SBOMs in the registry, and judges it as `scan` does. */
export async function rescan(cluster: Cluster, scanner: Scanner, request: RescanRequest): Promise<Rescan> {
  const { service, signal } = request;
  const { serving, kept } = await servedImages(cluster, service, signal);
  const images: RescannedImage[] = [];
  for (const served of serving) images.push(await rescanImage(scanner, served, request));
  if (images.length === 0)
    return {
      verdict: 'inconclusive',
      reason: `No version of ${service.name} gets users' requests in the namespace ${service.namespace} of the context ${cluster.context}, so there was nothing to scan. Check the context, or release the service first.`,
      images,
      kept,
    };
  const worst = (['fail', 'inconclusive', 'pass'] as const).find(one => images.some(({ verdict }) => verdict === one))!;
  const reasons = images.filter(({ verdict }) => verdict === worst).map(({ reason }) => reason);
  return { verdict: worst, reason: [...new Set(reasons)].join(' '), images, kept };
}

async function rescanImage(scanner: Scanner, served: ServedImage, request: RescanRequest): Promise<RescannedImage> {
  const { policy, user, trust, database, now, signal } = request;
  if (!/@sha256:[0-9a-f]{64}$/.test(served.image))
    return {
      ...served,
      digest: '',
      verdict: 'inconclusive',
      reason: `The pods of ${served.revisions.join(', ')} run ${served.image}, which names no digest, so nobody knows what is in it. Deliver the service again.`,
    };
  const { client, digest } = await openImage(served.image, user, signal);
  request.progress(`reading the SBOM of ${digest}`);
  const stated = await attested(client, digest, trust);
  if (typeof stated === 'string') return { ...served, digest, verdict: 'inconclusive', reason: stated };
  request.progress(`scanning ${digest}`);
  const scanned = await scanner.scanSbom({ sbom: stated.sbom, digest, database, signal });
  const report = acceptUnknown(scanned, policy.unknownPackages ?? [], now);
  const judgement = judgeFindings(report, policy, now);
  return {
    ...served,
    digest,
    verdict: scanVerdict(report, judgement),
    reason: scanReason(report, judgement, policy.failOn),
    scan: { report, judgement, fresh: stated.findings && findingsBeside(report.findings, stated.findings) },
  };
}
