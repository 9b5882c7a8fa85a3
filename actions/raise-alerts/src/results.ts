import { join } from 'node:path';
import { requireLeftFile } from '@fairway/stage/left-file';
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
  const { images } = await requireLeftFile(
    join(folder, 'rescan.json'),
    resultsSchema,
    'rescan',
    'Give the input results the folder that rescan has as its output results.',
  );
  return images;
}
