import { z } from 'zod';

const checkSchema = z.object({
  name: z.string(),
  unit: z.string(),
  value: z.number().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  target: z.number(),
  direction: z.enum(['at most', 'at least']),
  verdict: z.enum(['pass', 'fail', 'inconclusive']),
});
export type LoadCheck = z.output<typeof checkSchema>;

export const loadSchema = z.object({
  load: z.object({ requestsPerSecond: z.number(), seconds: z.number() }),
  checks: z.array(checkSchema),
  achievedRate: z.number().nullish(),
  requests: z.array(z.object({ ttftFromScheduled: z.number().optional(), itl: z.array(z.number()) })),
});
export type LoadReport = z.output<typeof loadSchema>;

/** The objective of the indicator whose name begins so. */
export function targetOf(checks: readonly LoadCheck[], indicator: string): number | undefined {
  return checks.find(check => check.name.startsWith(indicator))?.target;
}
