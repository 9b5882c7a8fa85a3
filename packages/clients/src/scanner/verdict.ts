import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { ScanReport } from './finding.ts';
import type { Judgement } from './judge.ts';

/** Blocking findings fail whatever else is unknown; without any, everything must have been looked at to pass. */
export function scanVerdict(report: ScanReport, judgement: Judgement): 'pass' | 'fail' | 'inconclusive' {
  if (judgement.blocking.length) return 'fail';
  return report.inconclusive.length ? 'inconclusive' : 'pass';
}

/** Words without a code are those of the scanner. */
export function scanReason(report: ScanReport, judgement: Judgement, severity: string): Reason | string {
  const { blocking, accepted, old, stated } = judgement;
  if (blocking.length) {
    const packages = namesOf([...new Set(blocking.map(finding => finding.package))]);
    const { length: number } = blocking;
    return number === 1
      ? reasonOf('scan.one', { severity, packages })
      : reasonOf('scan.many', { number, severity, packages });
  }
  if (report.inconclusive.length) return report.inconclusive.join(' ');
  const others = othersOf(report.findings.length - accepted.length - old.length - stated.length);
  const but = listOf('list.comma', [
    ...(accepted.length ? [reasonOf('scan.accepted', { number: accepted.length })] : []),
    ...(stated.length ? [reasonOf('scan.harmless', { number: stated.length })] : []),
    ...(old.length ? [reasonOf('scan.old', { number: old.length })] : []),
  ]);
  const none = but
    ? reasonOf(old.length ? 'scan.noneNew' : 'scan.noneBut', { severity, but, others })
    : reasonOf('scan.none', { severity, others });
  return listOf('list.then', [none, ...(report.accepted ?? [])]);
}

function namesOf(packages: readonly string[]): Reason | string {
  if (packages.length <= 4) return packages.join(', ');
  return reasonOf('scan.morePackages', { packages: packages.slice(0, 4).join(', '), number: packages.length - 4 });
}

function othersOf(number: number): Reason {
  if (number === 1) return reasonOf('scan.oneOther');
  return number ? reasonOf('scan.others', { number }) : reasonOf('scan.noOther');
}
