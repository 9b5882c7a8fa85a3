import { z } from 'zod';
import { queueAnswerSchema, queuePlaceSchema } from './queue.ts';
import { codedReasonSchema } from './reason.ts';

/** A pod that waits for GPUs. @public */
export const waitingPodSchema = z.object({
  namespace: z.string(),
  name: z.string(),
  /** Absent for a pod of no service. */
  service: z.string().optional(),
  gpus: z.number().int(),
  since: z.string(),
  reason: z.string(),
  coded: codedReasonSchema.optional(),
});

/** GPUs of one class in one cluster. All counts are devices (or MIG instances of one profile). @public */
export const gpuPoolSchema = z.object({
  cluster: z.string(),
  /** A GPU class of fairway.yaml, else the product label of the node, else the resource name. */
  class: z.string(),
  /** Extended resource ("nvidia.com/gpu", "nvidia.com/mig-1g.10gb") or DRA driver ("gpu.nvidia.com"). */
  resource: z.string(),
  source: z.enum(['device-plugin', 'mig', 'dra']),
  nodes: z.number().int(),
  installed: z.number().int(),
  allocatable: z.number().int(),
  requested: z.number().int(),
  free: z.number().int(),
  /** The most GPUs one pod can still get on one node. */
  largestFree: z.number().int(),
  /** 0 to 1: part of the free GPUs that the largest request that still fits cannot reach; 0 when none is free. */
  fragmentation: z.number(),
  /** The oldest hundred, and of every namespace at least the oldest one; of services that the reader may not see none. */
  waiting: z.array(waitingPodSchema),
  /** How many wait in all; absent when all are in `waiting`. */
  waitingTotal: z.number().int().optional(),
  /** Means of DCGM over the class, when Prometheus has them: percent, bytes. */
  utilisation: z.number().optional(),
  memoryUsedBytes: z.number().optional(),
});
/** Inferred from {@link gpuPoolSchema}. @public */
export type GpuPool = z.output<typeof gpuPoolSchema>;

/** Requests that wait in the engines' queues: the sign of saturation. @public */
export const saturationSchema = z.object({
  cluster: z.string(),
  namespace: z.string(),
  service: z.string(),
  waiting: z.number(),
});
/** Inferred from {@link saturationSchema}. @public */
export type Saturation = z.output<typeof saturationSchema>;

/** The model that is asked about: by its name, by its configuration, or by its numbers. @public */
export const askedModelSchema = z.union([
  z.strictObject({
    /** `organization/name` on the hub, also with `@` and a branch, tag or commit; its headers are read. */
    reference: z.string().min(1).max(300),
  }),
  z.strictObject({
    /** The text of its config.json. */
    config: z.string().min(1).max(100_000),
  }),
  z.strictObject({
    /** Bytes of the weights, from which with the shape the memory is estimated as `prepare` does. */
    bytes: z.coerce.number().int().positive(),
    layers: z.coerce.number().int().positive(),
    kvHeads: z.coerce.number().int().positive(),
    headDim: z.coerce.number().int().positive(),
  }),
]);
/** Inferred from {@link askedModelSchema}. @public */
export type AskedModel = z.output<typeof askedModelSchema>;

/** "Would model X at N replicas fit, and where?" @public */
export const fitQuestionSchema = z.strictObject({
  model: askedModelSchema,
  contextLength: z.coerce.number().int().positive(),
  sequences: z.coerce.number().int().positive(),
  gpuClass: z.string(),
  gpusPerReplica: z.coerce.number().int().min(1).max(16),
  replicas: z.coerce.number().int().min(1).max(1000),
  /** CPU and main memory of a replica as Kubernetes writes quantities; default: those of fairway.yaml. */
  cpu: z.string().optional(),
  memory: z.string().optional(),
  /** Whose quotas count; none without it. */
  namespace: z.string().optional(),
  /** The queue that is to admit the pods; its cluster and the quotas of its namespace count. */
  queue: queuePlaceSchema.optional(),
});
/** Inferred from {@link fitQuestionSchema}. @public */
export type FitQuestion = z.output<typeof fitQuestionSchema>;

/**
 * Value of the scaffolder's form field `FairwayGpuFit`: the question as far as it is filled in. The template
 * inference-service writes its class, counts and lengths into fairway.yaml.
 * @public
 */
export const gpuFitValueSchema = fitQuestionSchema.omit({ queue: true }).partial();
/** Inferred from {@link gpuFitValueSchema}. @public */
export type GpuFitValue = z.output<typeof gpuFitValueSchema>;

/** Whether and where a model would fit. @public */
export const fitAnswerSchema = z.object({
  /** Whether one replica fits into its GPUs. */
  memoryFits: z.boolean(),
  /** The estimate against the class with its numbers; the sentence of `prepare`. */
  sentence: z.string(),
  coded: codedReasonSchema.optional(),
  /** Replicas that each cluster could take now. */
  places: z.array(z.object({ cluster: z.string(), replicas: z.number().int(), nodes: z.array(z.string()) })),
  /** What LimitRanges of the namespace say against it, and of which clusters they are not seen. */
  remarks: z.array(z.object({ sentence: z.string(), coded: codedReasonSchema })).optional(),
  /** What the queue of the question says. */
  queue: queueAnswerSchema.optional(),
  fits: z.boolean(),
});
/** Inferred from {@link fitAnswerSchema}. @public */
export type FitAnswer = z.output<typeof fitAnswerSchema>;

/** The GPU classes that hold a model. @public */
export const fittingClassesSchema = z.object({
  /** Tokens and sequences for which the classes were judged. */
  contextLength: z.number().int(),
  sequences: z.number().int(),
  /** With the fewest GPUs: those with room in a cluster first, then by the memory that is taken. */
  fits: z.array(
    z.object({
      gpuClass: z.string(),
      gpus: z.number().int(),
      /** Clusters that have room for a replica now. */
      clusters: z.array(z.string()),
    }),
  ),
});
/** Inferred from {@link fittingClassesSchema}. @public */
export type FittingClasses = z.output<typeof fittingClassesSchema>;

/** A model of the hub, as a new service would name it, and where it fits. @public */
export const hubModelSchema = fittingClassesSchema.extend({
  /** With its commit, as `model.reference` of fairway.yaml. */
  reference: z.string(),
  format: z.enum(['gguf', 'safetensors']),
  /** Of the weights. */
  bytes: z.number(),
  /** SPDX identifier, as far as the model says it. */
  license: z.string().optional(),
});
/** Inferred from {@link hubModelSchema}. @public */
export type HubModel = z.output<typeof hubModelSchema>;
