import { engineNames } from '@fairway/service/engine-names';
import { z } from 'zod';

const latency = z.object({ percentile: z.number(), milliseconds: z.number() });

/** The part of the validated service, as `prepare` keeps it in its evidence, that says what it promises and how that is seen. */
const promisesSchema = z.object({
  engine: z.object({ name: z.enum(engineNames) }),
  objectives: z.object({
    availability: z.number(),
    timeToFirstToken: latency,
    interTokenLatency: latency,
    goodput: z.number(),
    confidence: z.number(),
  }),
  load: z.object({ outputTokens: z.number() }),
  gateway: z.object({ own: z.string() }).optional(),
});
export type Promises = z.output<typeof promisesSchema>;

/**
 * @param service text of the evidence evidence/prepare/service.json, when the portal has it
 * @returns undefined where nobody knows: there is none, or one from before objectives had this form
 */
export function promisesOf(service: string | undefined): Promises | undefined {
  if (service === undefined) return undefined;
  return promisesSchema.safeParse(JSON.parse(service)).data;
}
