import * as z from 'zod';
import { memory } from './schema-quantities.ts';
import { positiveWhole } from './schema-values.ts';

export const imageSchema = z
  .strictObject({
    compression: z
      .enum(['gzip', 'zstd', 'none', 'estargz'])
      .default('gzip')
      .describe(
        'how `optimize` stores the layers above those of the base: zstd needs containerd 1.5 or Docker 23, estargz is gzip of which nodes with the stargz snapshotter read single files',
      ),
    maxSize: memory
      .optional()
      .describe('bytes that the layers may have in the registry, base included, such as 8Gi; over it `optimize` fails'),
    maxColdSeconds: positiveWhole
      .max(86_400)
      .optional()
      .describe(
        'how long it may take from the begin of the pull to the first token on a node that lacks the image; over it `deploy` fails',
      ),
  })
  .prefault({})
  .describe('how the image is stored, and what it may cost');
