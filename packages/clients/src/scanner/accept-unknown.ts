import type { ScanReport } from './finding.ts';

/** `scan.unknownPackages` of fairway.yaml: packages about which the database holds nothing, accepted for a time. */
export interface AcceptedUnknown {
  /** As the scanner names it, such as python-pkg. */
  readonly kind: string;
  readonly reason: string;
  /** Who answers for it. */
  readonly owner?: string;
  /** Last day on which it counts, YYYY-MM-DD, UTC. */
  readonly until: string;
}

export function nothingKnown(kind: string, count: number | undefined): string {
  return `The vulnerability database holds nothing about the ${count} packages of the kind ${kind}.`;
}

/** The report without the doubts that are accepted on a day; it names these apart. */
export function acceptUnknown<R extends ScanReport>(report: R, accepted: readonly AcceptedUnknown[], today: Date): R {
  const day = today.toISOString().slice(0, 10);
  const standing = new Map(
    accepted
      .filter(({ until }) => until >= day)
      .map(one => [nothingKnown(one.kind, report.packages[one.kind]), one] as const),
  );
  const taken = report.inconclusive.filter(doubt => standing.has(doubt));
  if (taken.length === 0) return report;
  return {
    ...report,
    inconclusive: report.inconclusive.filter(doubt => !standing.has(doubt)),
    accepted: taken.map(doubt => {
      const { until, reason } = standing.get(doubt)!;
      return `${doubt.slice(0, -1)}: accepted until ${until}, ${reason}.`;
    }),
  };
}
