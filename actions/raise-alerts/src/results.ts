import { join } from 'node:path';
import { ConfigurationError } from '@fairway/service';
import { readLeftFile } from '@fairway/stage/left-file';
import * as z from 'zod';

const findingSchema = z.object({
  id: z.string(),
  aliases: z.array(z.string()).readonly().optional(),
  package: z.string(),
  path: z.string().optional(),
});

/** The part of rescan.json that is read. The scanner ran beside who wrote it. */
const resultsSchema = z.object({
  images: z.array(
    z.object({
      digest: z.string().regex(/^(sha256:[0-9a-f]{64})?$/),
      share: z.number(),
      verdict: z.enum(['pass', 'fail', 'inconclusive']),
      reason: z.string(),
      blocking: z.array(findingSchema).readonly(),
      new: z.array(findingSchema).readonly().optional(),
    }),
  ),
});

/** An image that answers users, as the scan judged it. */
export type ScannedImage = Readonly<z.output<typeof resultsSchema>['images'][number]>;

/** @param folder that `rescan` wrote its results to */
export async function readScanned(folder: string): Promise<readonly ScannedImage[]> {
  const file = join(folder, 'rescan.json');
  const problem = new ConfigurationError(
    'is not there, or is not what the action rescan writes. Give the input results the folder that rescan has as its output results.',
    { file },
  );
  const left = await readLeftFile(file, resultsSchema, problem);
  if (!left) throw problem;
  return left.images;
}
