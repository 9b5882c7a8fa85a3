import * as z from 'zod';
import { type Reason, reasonOf } from './reasons/delivery-reason.ts';
import { broken, rule } from './rule.ts';
import { positiveWhole } from './schema-values.ts';

export const servingSchema = z
  .strictObject({
    contextLength: positiveWhole
      .min(16)
      .default(2048)
      .describe('tokens of prompt and answer together, for one sequence'),
    sequences: positiveWhole.max(4096).default(4).describe('sequences served at the same time by one pod'),
    port: z
      .number()
      .int()
      .min(1024)
      .max(65535)
      .default(8080)
      .describe('the port the engine listens on (pods run without root, so 1024 or higher)'),
  })
  .prefault({})
  .describe('how the engine serves');

export const startupSchema = z
  .strictObject({
    schedulingSeconds: positiveWhole
      .max(86_400)
      .default(600)
      .describe('how long a pod may wait for a node, such as one that an autoscaler adds; a queue does not count'),
    pullSeconds: positiveWhole
      .max(86_400)
      .default(1800)
      .describe('how long it may then take until the container of the engine starts: image, volumes, init containers'),
    seconds: positiveWhole
      .max(86_400)
      .optional()
      .describe(
        'how long the engine may then take to load the model and answer. Default: by engine, for a model of a few gigabytes (120 llamacpp, 300 transformers and fastchat, 600 the others)',
      ),
  })
  .prefault({})
  .describe('how long a pod may take to get ready, by what it waits for');

export const scalingSchema = z
  .strictObject({
    by: z
      .enum(['keda', 'hpa'])
      .default('keda')
      .describe(
        'who sets the number: KEDA, or a HorizontalPodAutoscaler with the metrics of pods that an adapter of the cluster serves',
      ),
    min: z
      .number()
      .int()
      .min(0)
      .max(1000)
      .default(1)
      .describe('pods that a version with users has at least; with 0, by KEDA, it has none while nobody asks for it'),
    idleSeconds: positiveWhole
      .min(60)
      .max(86_400)
      .default(900)
      .describe('with `min: 0`, how long nobody asks before the last pod goes'),
    max: positiveWhole.max(1000).describe('pods that it has at most'),
    waiting: z
      .number()
      .positive()
      .max(10_000)
      .default(2)
      .describe('requests that may wait in the engine, a pod; with more there are more pods'),
    use: z
      .number()
      .min(1)
      .max(100)
      .default(80)
      .describe(
        'percent of the KV cache that may be in use, on average over the pods; of `serving.sequences` where the engine does not tell about its cache',
      ),
    prometheus: z
      .url({ protocol: /^https?$/, ...rule(reasonOf('rule.address')) })
      .optional()
      .describe(
        'Prometheus with the metrics of the engine, as KEDA reaches it, such as http://prometheus.monitoring:9090; with `by: keda`, which needs it',
      ),
  })
  .superRefine(({ by, min, max, prometheus }, issues) => {
    const wrong = (path: string, reason: Reason) =>
      issues.addIssue({ code: 'custom', path: [path], ...broken(reason, true) });
    if (min > max) wrong('max', reasonOf('conflict.belowMin', { min }));
    if (by === 'keda' && prometheus === undefined) wrong('prometheus', reasonOf('conflict.noPrometheus'));
    if (by === 'hpa' && prometheus !== undefined) wrong('prometheus', reasonOf('conflict.hpaPrometheus'));
    if (by === 'hpa' && min === 0) wrong('min', reasonOf('conflict.hpaZero'));
  })
  .describe(
    'lets KEDA, or a HorizontalPodAutoscaler, say how many pods a version has; without it that is `resources.replicas`, which is else the number that it starts with',
  );
