import type { ScanReport } from './finding.ts';
import type { Judgement } from './judge.ts';

/** Blocking findings fail whatever else is unknown; without any, everything must have been looked at to pass. */
export function scanVerdict(report: ScanReport, judgement: Judgement): 'pass' | 'fail' | 'inconclusive' {
  if (judgement.blocking.length) return 'fail';
  return report.inconclusive.length ? 'inconclusive' : 'pass';
}

export function scanReason(report: ScanReport, judgement: Judgement, failOn: string): string {
  const { blocking, accepted, old, stated } = judgement;
  if (blocking.length) {
    const packages = [...new Set(blocking.map(finding => finding.package))];
    const named =
      packages.length > 4 ? `${packages.slice(0, 4).join(', ')} and ${packages.length - 4} more` : packages.join(', ');
    return `${count(blocking.length, 'finding')} of severity ${failOn} or higher can be fixed, in ${named}.`;
  }
  if (report.inconclusive.length) return report.inconclusive.join(' ');
  const others = report.findings.length - accepted.length - old.length - stated.length;
  const exceptions = accepted.length ? `, ${accepted.length} accepted for a time` : '';
  const harmless = stated.length ? `, ${stated.length} harmless by VEX` : '';
  const before = old.length ? `, ${old.length} in the base branch too` : '';
  return `No ${old.length ? 'new ' : ''}fixable finding of severity ${failOn} or higher${exceptions}${harmless}${before}; ${others ? count(others, 'other finding') : 'no other finding'}.${(report.accepted ?? []).map(text => ` ${text}`).join('')}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
