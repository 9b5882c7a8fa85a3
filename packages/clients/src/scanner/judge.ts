import type { AcceptedUnknown } from './accept-unknown.ts';
import { findingSeverities, isSameVulnerability } from './finding.ts';
import type { Finding, ScanReport } from './finding.ts';
import { statementAbout } from './vex.ts';
import type { ReadVexStatement } from './vex.ts';

/** `scan` of fairway.yaml. */
export interface ScanPolicy {
  readonly failOn: 'critical' | 'high' | 'medium' | 'low';
  readonly exceptions: readonly ScanException[];
  readonly unknownPackages?: readonly AcceptedUnknown[];
  /** Name of the service, by which statements name its image. */
  readonly product: string;
  /** Of the VEX documents that fairway.yaml names. */
  readonly statements: readonly ReadVexStatement[];
  /** Package URLs of the image of the base branch, for a pull request: who does not bring a package in does not answer for it. */
  readonly base?: readonly string[];
}

export interface ScanException {
  readonly id: string;
  /** Other identifiers of the same vulnerability: scanners do not agree on one. */
  readonly aliases?: readonly string[];
  /** The one package that it is about; without it, every package with the finding. */
  readonly package?: string;
  readonly reason: string;
  /** Who answers for it. */
  readonly owner?: string;
  /** Last day on which it counts, YYYY-MM-DD, UTC. */
  readonly until: string;
}

export interface Judgement {
  /** At or over the policy's severity, with a fixed version, neither excepted nor stated harmless nor in the base branch: these stop a delivery. */
  readonly blocking: readonly Finding[];
  /** With a fixed version, of any severity. */
  readonly fixable: readonly Finding[];
  /** Would block but for an exception that still counts. */
  readonly accepted: readonly { readonly finding: Finding; readonly exception: ScanException }[];
  /** Would block but for the base branch, whose image has the package in the same version. */
  readonly old: readonly Finding[];
  /** Of any severity, and by a VEX statement not affected or fixed. */
  readonly stated: readonly { readonly finding: Finding; readonly statement: ReadVexStatement }[];
  /** Exceptions that ended and whose finding is there again. */
  readonly expired: readonly ScanException[];
}

/** Judges findings by the policy on a day. Severity "unknown" counts as low: it is shown and does not stop what "low" would not. */
export function judgeFindings(
  { findings, image: digest }: Pick<ScanReport, 'findings' | 'image'>,
  policy: ScanPolicy,
  today: Date,
): Judgement {
  const day = today.toISOString().slice(0, 10);
  const limit = findingSeverities.indexOf(policy.failOn);
  const fixable = findings.filter(finding => finding.fixed !== undefined);
  const image = { name: policy.product, digest };
  const stated = findings.flatMap(finding => {
    const statement = statementAbout(finding, image, policy.statements);
    return statement?.status === 'not_affected' || statement?.status === 'fixed' ? [{ finding, statement }] : [];
  });
  const harmless = new Set(stated.map(({ finding }) => finding));
  const blocking: Finding[] = [];
  const old: Finding[] = [];
  const base = new Set(policy.base?.map(withoutRelease));
  const accepted: { finding: Finding; exception: ScanException }[] = [];
  const expired = new Set<ScanException>();
  for (const finding of fixable) {
    const severity =
      finding.severity === 'unknown' ? findingSeverities.indexOf('low') : findingSeverities.indexOf(finding.severity);
    if (severity > limit || harmless.has(finding)) continue;
    const exceptions = policy.exceptions.filter(exception => concerns(exception, finding));
    const standing = exceptions.find(exception => exception.until >= day);
    if (standing) accepted.push({ finding, exception: standing });
    else if (finding.purl !== undefined && base.has(withoutRelease(finding.purl))) old.push(finding);
    else {
      blocking.push(finding);
      for (const exception of exceptions) expired.add(exception);
    }
  }
  return { blocking, fixable, accepted, old, stated, expired: [...expired] };
}

function concerns(exception: ScanException, finding: Finding): boolean {
  return (
    (exception.package === undefined || exception.package === finding.package) &&
    isSameVulnerability(exception, finding)
  );
}

/** A package URL without the release of the distribution (`debian-12.5`), which a newer base image has for the same package too. */
function withoutRelease(purl: string): string {
  return purl.replace(/([?&])distro=[^&#]*&?/, '$1').replace(/[?&](?=#|$)/, '');
}
