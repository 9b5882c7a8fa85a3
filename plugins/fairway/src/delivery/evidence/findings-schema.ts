import { z } from 'zod';

const findingSchema = z.object({
  id: z.string(),
  severity: z.string(),
  package: z.string(),
  installed: z.string().optional(),
  fixed: z.string().nullish(),
  path: z.string().optional(),
  title: z.string().optional(),
  url: z.string().optional(),
});
export type Finding = z.output<typeof findingSchema>;

export const findingsSchema = z.object({
  scanner: z.object({ name: z.string(), version: z.string() }),
  databaseDate: z.string().nullish(),
  findings: z.array(findingSchema),
});
export type ScanResult = z.output<typeof findingsSchema>;

const worstFirst = ['critical', 'high', 'medium', 'low'];

/** 0 for the worst. */
export function severityRank({ severity }: Finding): number {
  return worstFirst.includes(severity) ? worstFirst.indexOf(severity) : worstFirst.length;
}

/** The worst first; those of one severity stay in the scanner's order. */
export function sortedFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => severityRank(a) - severityRank(b));
}

/** How many there are of each severity, the worst first. */
export function severityCounts(findings: readonly Finding[]): readonly { severity: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { severity } of sortedFindings(findings)) counts.set(severity, (counts.get(severity) ?? 0) + 1);
  return [...counts].map(([severity, count]) => ({ severity, count }));
}

/** Names a finding across scans: the same one in the same package at the same place, such as one of several binaries. */
export function findingKey({ id, package: of, path }: Finding): string {
  return path ? `${id} (${of}, ${path})` : `${id} (${of})`;
}
