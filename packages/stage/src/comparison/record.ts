import { engineNames } from '@fairway/service/engine-names';
import { z } from 'zod';

/** A measured value with the interval in which it lies; all in one unit. @public */
export interface MeasuredFigure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const distributionSchema = z.object({ mean: z.number(), p50: z.number(), p95: z.number(), p99: z.number() });

/** One rate that was sent to one engine. Times in milliseconds. */
const rateRunSchema = z.object({
  /** Requests a second that were offered. */
  rate: z.number().positive(),
  seconds: z.number().positive(),
  requests: z.number().int(),
  errors: z.number().int(),
  answeredPerSecond: z.number(),
  /** Output tokens a second over the measured part. */
  tokensPerSecond: z.number(),
  /** Mean tokens of the whole answers; absent in records from before it was stored. */
  tokensPerAnswer: z.number().optional(),
  /** Percent of requests without an error whose first token and whose time per output token are within the objectives. */
  goodput: z.number().min(0).max(100),
  /** From when a request was due. */
  timeToFirstToken: distributionSchema.optional(),
  timePerOutputToken: distributionSchema.optional(),
  /** Absent where the engine sends several tokens in one chunk. */
  interTokenLatency: distributionSchema.optional(),
  /** Whether the objectives held. */
  held: z.boolean(),
  /** Processors that the engine kept busy on average while it had load; on a GPU, the GPUs that it held. */
  busy: z.number(),
  /** Most memory that the engine held, in GiB: of the GPUs where it has some. */
  memoryGiB: z.number(),
  /** Milliseconds by which the generator was late at the 99th percentile. */
  generatorLateP99: z.number(),
  /** The generator was too slow: the engine did no worse than the figures say, and maybe better. */
  generatorBottleneck: z.boolean(),
  /** The same requests by the engine's own histograms: means in milliseconds. */
  engineMeans: z
    .object({ requests: z.number(), timeToFirstToken: z.number().optional(), interTokenLatency: z.number().optional() })
    .optional(),
  /** The client's means of the same, from when a request was sent. */
  clientMeans: z.object({ timeToFirstToken: z.number().optional(), interTokenLatency: z.number().optional() }),
});
export type RateRun = z.output<typeof rateRunSchema>;

/** One look for the highest rate, after one start of the engine. */
const searchSchema = z.object({
  startSeconds: z.number(),
  runs: z.array(rateRunSchema),
  /** Highest rate at which the objectives held; absent when they held at none. */
  held: z.number().positive().optional(),
  /** Lowest rate at which they did not; absent when they held at all that were sent. */
  missed: z.number().positive().optional(),
});

const measuredSchema = z.object({
  outcome: z.literal('measured'),
  searches: z.array(searchSchema),
  /** The load that all engines got. */
  common: z.array(rateRunSchema),
  /**
   * The highest rate that the first search held, sent to an engine that had just started: what memory an engine holds depends on all that it
   * was sent before. Absent in records from before it was sent; empty where a rate was held in the last round alone.
   */
  highest: z.array(rateRunSchema).optional(),
});

/** An engine of a comparison, as it was measured. @public */
export const contenderSchema = z.object({
  engine: z.enum(engineNames),
  /** How it ran where it has several ways, such as `continuous batching`. */
  mode: z.string().optional(),
  version: z.string(),
  /** The words that started it. */
  command: z.array(z.string()).min(1),
  /** Variables that it was started with, without the values of credentials; absent in records from before they were stored. */
  environment: z.record(z.string(), z.string()).optional(),
  /** What it ran from: an image by digest, or packages. */
  from: z.string(),
  /** The weights as this engine reads them. */
  weights: z.object({ format: z.string(), digest: z.string() }),
  result: z.discriminatedUnion('outcome', [
    measuredSchema,
    z.object({ outcome: z.literal('did not run'), reason: z.string() }),
  ]),
});
/** Inferred from {@link contenderSchema}. @public */
export type Contender = z.output<typeof contenderSchema>;

/** Engines measured in turn with one model on one machine under one load. @public */
export const comparisonSchema = z.object({
  schemaVersion: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  startedAt: z.string(),
  finishedAt: z.string(),
  /** Until the last measurement is there: digest of what is measured, by which a later run goes on. */
  unfinished: z.string().optional(),
  machine: z.object({
    /** What it is, without its name in a network. */
    label: z.string(),
    processor: z.string(),
    cores: z.number().int().positive(),
    memoryGiB: z.number().positive(),
    gpu: z
      .object({ name: z.string(), count: z.number().int().positive(), memoryMiB: z.number(), driver: z.string() })
      .optional(),
  }),
  model: z.object({
    name: z.string(),
    /** SHA-256 over the weights that all engines have, in whatever format each reads them. */
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    parameters: z.number().positive().optional(),
  }),
  load: z.object({
    promptTokens: z.number().int().positive(),
    outputTokens: z.number().int().positive(),
    /** Requests a second of the load that all engines got; absent when no engine held any rate. */
    commonRate: z.number().positive().optional(),
    arrivals: z.literal('poisson'),
    cache: z.literal('cold'),
  }),
  objectives: z.object({
    /** Milliseconds. */
    timeToFirstToken: z.number().positive(),
    timePerOutputToken: z.number().positive(),
    /** Least percent of requests within both. */
    goodput: z.number().positive().max(100),
  }),
  /** What was around it that a reader should know. */
  notes: z.array(z.string()),
  contenders: z
    .array(contenderSchema)
    .min(1)
    .refine(
      all =>
        all.every(({ weights }) =>
          all.every(other => other.weights.format !== weights.format || other.weights.digest === weights.digest),
        ),
      'the engines have different weights, which are no comparison',
    ),
});
/** Inferred from {@link comparisonSchema}. @public */
export type Comparison = z.output<typeof comparisonSchema>;
