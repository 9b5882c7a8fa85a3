import { join } from 'node:path';
import { requireLeftFile } from '@fairway/stage/left-file';
import * as z from 'zod';

/** The part of rescan.json that is read. It comes from another job: what becomes a parameter of a program has the form of one. */
const resultsSchema = z.object({
  plan: z.array(
    z.object({
      action: z.string(),
      package: z.string(),
      ecosystem: z.string().optional(),
      environment: z.string().optional(),
      installed: z.string().optional(),
      atLeast: z
        .string()
        .regex(/^[0-9A-Za-z][0-9A-Za-z.!+:~^_-]*$/)
        .optional(),
      because: z.string().optional(),
      findings: z.array(z.string()),
    }),
  ),
});

export type PlannedFix = z.output<typeof resultsSchema>['plan'][number];

/** @param folder that `rescan` wrote its results to */
export async function readPlan(folder: string): Promise<readonly PlannedFix[]> {
  const { plan } = await requireLeftFile(
    join(folder, 'rescan.json'),
    resultsSchema,
    'rescan',
    'Give the input results the folder that rescan has as its output results.',
  );
  return plan;
}
