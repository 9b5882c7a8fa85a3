import * as z from 'zod';
import { namespaceName, text } from './schema-values.ts';

const objectName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, { error: 'must be the name of a Kubernetes object, such as team-a' });

const tolerationSchema = z
  .strictObject({
    key: text.optional().describe('the key of the taint; every taint when absent'),
    operator: z.enum(['Exists', 'Equal']).default('Equal').describe('whether the value counts'),
    value: z.string().optional().describe('the value of the taint'),
    effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional().describe('the effect; all when absent'),
    tolerationSeconds: z.number().int().optional().describe('how long NoExecute is tolerated; for ever when absent'),
  })
  .refine(({ key, operator }) => key !== undefined || operator === 'Exists', {
    path: ['operator'],
    error: 'must be Exists where no key is given, which tolerates every taint',
  })
  .describe('a taint of nodes that the pods tolerate');

export const patchedKinds = ['Deployment', 'Service', 'PodDisruptionBudget'] as const;

const patchSchema = z
  .looseObject({
    kind: z.enum(patchedKinds).describe('the kind of object that is changed'),
  })
  .describe('a part of an object');

export const workloadSchema = z
  .strictObject({
    serviceAccount: objectName
      .optional()
      .describe(
        'a service account that is there, such as one with a cloud identity; default: one named after the service',
      ),
    pullSecrets: z
      .array(objectName)
      .default([])
      .describe('secrets of the namespace with which nodes pull the image, beside the one that `deploy` makes'),
    queue: namespaceName.optional().describe('the LocalQueue of Kueue that admits the pods'),
    priorityClass: objectName.optional().describe('the PriorityClass of the pods'),
    runtimeClass: objectName.optional().describe('the RuntimeClass of the pods, such as nvidia'),
    nodeSelector: z.record(text, z.string()).default({}).describe('labels of the nodes that may run the pods'),
    tolerations: z
      .array(tolerationSchema)
      .default([])
      .describe('taints that the pods tolerate, beside those of the GPU class'),
    patches: z
      .array(patchSchema)
      .max(32)
      .default([])
      .describe('strategic merge patches of the objects of a version, applied last, for what has no field here'),
  })
  .prefault({})
  .describe('how the cluster runs the pods');
