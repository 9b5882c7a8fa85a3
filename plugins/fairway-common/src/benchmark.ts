import { z } from 'zod';
import { engineNames } from '@fairway/service/engine-names';

/** Stored measurement of one engine; the scores are computed from the raw figures (see `scoreBenchmarks`). */
export const benchmarkSchema = z.object({
  engine: z.enum(engineNames),
  version: z.string(),
  model: z.string(),
  hardware: z.string(),
  /** Where the figures come from: a delivery's id, or an address with a date. */
  source: z.string(),
  measuredAt: z.string(),
  /** Output tokens a second over all requests at the highest rate at which the objectives held. */
  tokensPerSecond: z.number().positive(),
  /** 95th percentile of time to first token in milliseconds, from the scheduled start. */
  timeToFirstTokenP95: z.number().positive(),
  /** Percent of requests that met both latency objectives. */
  goodput: z.number().min(0).max(100),
});
export type Benchmark = z.output<typeof benchmarkSchema>;
