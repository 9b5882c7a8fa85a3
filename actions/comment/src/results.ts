import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError, systemErrorCode } from '@fairway/service';
import { parseRecord } from '@fairway/stage';
import { readLeftFile } from '@fairway/stage/left-file';
import type { DeliveryRecord } from '@fairway/stage';
import * as z from 'zod';

const findingsSchema = z.object({
  findings: z.array(
    z.object({
      id: z.string(),
      severity: z.string(),
      package: z.string(),
      installed: z.string(),
      fixed: z.string().optional(),
    }),
  ),
  judgement: z.object({ blocking: z.array(z.string()), old: z.array(z.string()) }),
});

const planSchema = z.object({
  steps: z.array(
    z.object({
      plan: z.array(
        z.object({
          action: z.string(),
          package: z.string(),
          installed: z.string().optional(),
          atLeast: z.string().optional(),
          findings: z.array(z.string()),
        }),
      ),
    }),
  ),
});

/** What a check left. The code of the pull request ran beside it and may have written anything. */
export interface Results {
  /** Absent when no stage had ended. */
  readonly record?: DeliveryRecord;
  /** Of the newest delivery of the base branch; absent when none is stored. */
  readonly base?: DeliveryRecord;
  readonly scan?: z.output<typeof findingsSchema>;
  readonly fix?: z.output<typeof planSchema>;
}

export async function readResults(folder: string): Promise<Results> {
  const record = async (path: string) => {
    const text = await textOf(folder, path);
    return text === undefined ? undefined : parseRecord(text, path);
  };
  return {
    record: await record('delivery.json'),
    base: await record('base/delivery.json'),
    scan: await read(folder, 'evidence/scan/findings.json', findingsSchema),
    fix: await read(folder, 'evidence/remediate/fix-plan.json', planSchema),
  };
}

function read<Schema extends z.ZodType>(folder: string, path: string, schema: Schema) {
  const problem = new ConfigurationError(
    `the check of the pull request left a file that no stage writes. Look at what the pull request changes in its own check.`,
    { file: path },
  );
  return readLeftFile(join(folder, path), schema, problem);
}

async function textOf(folder: string, path: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, path), 'utf8');
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    return undefined;
  }
}
