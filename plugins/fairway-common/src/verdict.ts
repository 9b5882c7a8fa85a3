import { z } from 'zod';

/** Of a stage or a delivery; `running` while its last stage has not ended and nothing failed. */
export const verdictSchema = z.enum(['pass', 'fail', 'inconclusive', 'skipped', 'running']);
export type DeliveryVerdict = z.output<typeof verdictSchema>;
