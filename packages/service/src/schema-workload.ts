import * as z from 'zod';
import { labelKey, labelValue, objectName } from './schema-values.ts';
import { type Reason, reasonOf } from './reasons/delivery-reason.ts';
import { broken, rule } from './rule.ts';

const tolerationSchema = z
  .strictObject({
    key: labelKey.optional().describe('the key of the taint; every taint when absent'),
    operator: z.enum(['Exists', 'Equal']).default('Equal').describe('whether the value counts'),
    value: labelValue.optional().describe('the value of the taint'),
    effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional().describe('the effect; all when absent'),
    tolerationSeconds: z.number().int().optional().describe('how long NoExecute is tolerated; for ever when absent'),
  })
  .refine(({ key, operator }) => key !== undefined || operator === 'Exists', {
    path: ['operator'],
    ...rule(reasonOf('rule.tolerateAll')),
  })
  .refine(({ operator, value }) => operator === 'Equal' || !value, {
    path: ['value'],
    ...rule(reasonOf('rule.noTolerationValue')),
  })
  .refine(({ effect, tolerationSeconds }) => tolerationSeconds === undefined || effect === 'NoExecute', {
    path: ['tolerationSeconds'],
    ...rule(reasonOf('rule.noExecute')),
  })
  .describe('a taint of nodes that the pods tolerate');

/** What runs the pods of a version. */
export const workloadKinds = ['Deployment', 'Rollout', 'LeaderWorkerSet', 'LLMInferenceService'] as const;

export const patchedKinds = [...workloadKinds, 'Service', 'PodDisruptionBudget'] as const;

const patchSchema = z
  .looseObject({
    kind: z.enum(patchedKinds).describe('the kind of object that is changed'),
  })
  .describe('a part of an object');

export const workloadSchema = z
  .strictObject({
    kind: z
      .enum(workloadKinds)
      .default('Deployment')
      .describe(
        'what runs the pods of a version: a Deployment, a Rollout of Argo Rollouts, a LeaderWorkerSet where several nodes serve one model together, or an LLMInferenceService of KServe',
      ),
    nodes: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(1)
      .describe(
        'nodes that serve the model together as one of `resources.replicas`, each with a pod of these resources; more than 1 takes a LeaderWorkerSet',
      ),
    serviceAccount: objectName
      .optional()
      .describe(
        'a service account that is there, such as one with a cloud identity; default: one named after the service',
      ),
    pullSecrets: z
      .array(objectName)
      .default([])
      .describe('secrets of the namespace with which nodes pull the image, beside the one that `deploy` makes'),
    pullToken: z
      .looseObject({
        auth: z
          .looseObject({})
          .default({})
          .describe('how the generator signs in to the cloud; empty: by the identity of the operator'),
      })
      .optional()
      .describe(
        'fields of the generator of External Secrets that renews the token with which nodes pull from Amazon ECR, Google Artifact Registry or Azure Container Registry; region, project and registry follow from the image',
      ),
    queue: objectName.max(63).optional().describe('the LocalQueue of Kueue that admits the pods'),
    priorityClass: objectName.optional().describe('the PriorityClass of the pods'),
    runtimeClass: objectName.optional().describe('the RuntimeClass of the pods, such as nvidia'),
    nodeSelector: z.record(labelKey, labelValue).default({}).describe('labels of the nodes that may run the pods'),
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
  .superRefine(({ kind, nodes, queue, patches }, issues) => {
    const wrong = (path: (string | number)[], reason: Reason) =>
      issues.addIssue({ code: 'custom', path, ...broken(reason) });
    const run = reasonOf(kind === 'LLMInferenceService' ? 'conflict.an' : 'conflict.a', { kind });
    if (nodes > 1 && kind !== 'LeaderWorkerSet') wrong(['nodes'], reasonOf('conflict.nodesApart', { nodes, run }));
    if (nodes === 1 && kind === 'LeaderWorkerSet') wrong(['kind'], reasonOf('conflict.oneNode'));
    if (queue && kind === 'Rollout') wrong(['queue'], reasonOf('conflict.rolloutQueue'));
    for (const [index, patch] of patches.entries())
      if (patch.kind !== kind && workloadKinds.some(one => one === patch.kind))
        wrong(['patches', index, 'kind'], reasonOf('conflict.patchKind', { kind: patch.kind, run }));
  })
  .prefault({})
  .describe('how the cluster runs the pods');
