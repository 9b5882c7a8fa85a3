import * as z from 'zod';
import { labelKey, labelValue, namespaceName, objectName } from './schema-values.ts';

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
    error: 'must be Exists where no key is given, which tolerates every taint',
  })
  .refine(({ operator, value }) => operator === 'Equal' || !value, {
    path: ['value'],
    error: 'must be absent with `operator: Exists`, which tolerates every value',
  })
  .refine(({ effect, tolerationSeconds }) => tolerationSeconds === undefined || effect === 'NoExecute', {
    path: ['tolerationSeconds'],
    error: 'needs `effect: NoExecute`, since other effects end no pod',
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
    queue: namespaceName.optional().describe('the LocalQueue of Kueue that admits the pods'),
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
    const wrong = (path: (string | number)[], message: string) => issues.addIssue({ code: 'custom', path, message });
    if (nodes > 1 && kind !== 'LeaderWorkerSet')
      wrong(
        ['nodes'],
        `is ${nodes}, and the pods of ${kind === 'LLMInferenceService' ? 'an' : 'a'} ${kind} do not know each other: set \`workload.kind\` to LeaderWorkerSet`,
      );
    if (nodes === 1 && kind === 'LeaderWorkerSet')
      wrong(
        ['kind'],
        'is for a model that several nodes serve together: set `workload.nodes` to how many, or remove `workload.kind`',
      );
    if (queue && kind === 'Rollout')
      wrong(
        ['queue'],
        'holds the pods of Deployments, LeaderWorkerSets and LLMInferenceServices; Kueue does not know Rollouts. Remove it',
      );
    for (const [index, patch] of patches.entries())
      if (patch.kind !== kind && workloadKinds.some(one => one === patch.kind))
        wrong(
          ['patches', index, 'kind'],
          `is ${patch.kind}, and the pods of this service are run by ${kind === 'LLMInferenceService' ? 'an' : 'a'} ${kind} (\`workload.kind\`)`,
        );
  })
  .prefault({})
  .describe('how the cluster runs the pods');
