import { keptSeconds } from '@fairway/service/longest-stream';
import { z } from 'zod';

/** As long as one answer may take at most; versions of a service of which the portal knows no more stay so long. */
const longest = 3600;

/** The part of the validated service that says how long a version without users stays. */
const keepingSchema = z.object({
  objectives: z.object({
    timeToFirstToken: z.object({ milliseconds: z.number() }),
    interTokenLatency: z.object({ milliseconds: z.number() }),
  }),
  serving: z.object({ contextLength: z.number() }),
  // a record from before there was `surge` kept its version
  release: z.object({ keep: z.number(), surge: z.number().default(Infinity) }),
  resources: z.object({ replicas: z.number() }).default({ replicas: 1 }),
});

/** @param service text of the evidence evidence/prepare/service.json, when the portal has it */
export function keptSecondsOf(service: string | undefined): number {
  if (service === undefined) return longest;
  const { data } = keepingSchema.safeParse(JSON.parse(service));
  return data ? keptSeconds(data as Parameters<typeof keptSeconds>[0]) : longest;
}
