import { z } from 'zod';

/**
 * Of a stage or a delivery; `running` while its last stage has not ended and nothing failed. A delivery of which nothing was heard
 * for a day is `inconclusive`.
 * @public
 */
export const verdictSchema = z.enum(['pass', 'fail', 'inconclusive', 'skipped', 'running']);
/** Inferred from {@link verdictSchema}. @public */
export type DeliveryVerdict = z.output<typeof verdictSchema>;
