import * as z from 'zod';
import { engineNames } from './engine-names.ts';
import { gpuClassNames } from './gpu-classes.ts';
import { migProfiles } from './mig.ts';
import { quantity } from './node-room.ts';
import {
  accessSchema,
  applySchema,
  cacheSchema,
  gatewaySchema,
  loadSchema,
  meshSchema,
  monitoringSchema,
  networkSchema,
  objectivesSchema,
  releaseSchema,
  scalingSchema,
  scanSchema,
  servingSchema,
  startupSchema,
} from './schema-operation.ts';
import {
  dnsLabel,
  entityName,
  entityReference,
  insideFolder,
  namespaceName,
  objectName,
  positiveWhole,
  servedName,
  text,
} from './schema-values.ts';
import { weightsSchema } from './schema-weights.ts';
import { workloadSchema } from './schema-workload.ts';

const engineSchema = z
  .strictObject({
    name: z.enum(engineNames).describe('the program that serves the model'),
    arguments: z
      .array(text)
      .default([])
      .describe('further command-line arguments of the engine, appended to those that Fairway gives'),
  })
  .describe('the inference engine');

const shapeSchema = z
  .strictObject({
    layers: positiveWhole.optional().describe('layers that have attention'),
    heads: positiveWhole.optional().describe('query heads of a layer'),
    kvHeads: positiveWhole.optional().describe('key-value heads of a layer'),
    headDim: positiveWhole.optional().describe('values of one head'),
    cacheBytesPerToken: positiveWhole
      .optional()
      .describe(
        'bytes of keys and values of one token over all layers in 16 bits, for attention that the other fields cannot describe',
      ),
    contextLength: positiveWhole.optional().describe('tokens that the model takes'),
    reason: text.optional().describe('why this holds; required where it differs from what the model tells'),
  })
  .describe('the shape of the model where its files do not tell it');

const modelSchema = z
  .strictObject({
    name: servedName.describe('the name under which clients ask for the model'),
    path: insideFolder.optional().describe('a model file or folder inside the service folder'),
    reference: z
      .string()
      .regex(/^hf:\/\/[\w.-]+\/[\w.-]+@[0-9a-f]{40}(\/[\w.-][\w./ -]*)?$/, {
        error:
          'must be hf://organization/name@revision with the 40 hexadecimal digits of a commit, because a branch or a tag may point elsewhere tomorrow',
      })
      .optional()
      .describe(
        'a model on the Hugging Face hub, pinned to a commit: hf://organization/name@commit, and /path behind it for one file or folder of the repository',
      ),
    weights: weightsSchema.optional(),
    license: text
      .optional()
      .describe('the licence of the weights as an SPDX identifier; read from the model when absent'),
    shape: shapeSchema.optional(),
  })
  .superRefine((model, issues) => {
    if ((model.path === undefined) === (model.reference === undefined)) {
      issues.addIssue({
        code: 'custom',
        message:
          model.path === undefined
            ? 'must have either `path` or `reference`; neither is there'
            : 'must have either `path` or `reference`, not both',
        params: { silent: true },
      });
    }
    if (model.weights?.from === 'hub' && !/@[0-9a-f]{40}$/.test(model.reference ?? ''))
      issues.addIssue({
        code: 'custom',
        path: ['weights', 'from'],
        message:
          'is `hub`, from which engines load whole repositories: it takes `model.reference` without a path behind the commit',
        params: { silent: true },
      });
  })
  .meta({ description: 'the model that is served', oneOf: [{ required: ['path'] }, { required: ['reference'] }] });

const buildSchema = z
  .strictObject({
    dockerfile: insideFolder.default('Dockerfile').describe('the Dockerfile, relative to the service folder'),
    context: insideFolder.default('.').describe('the folder sent to the build, relative to the service folder'),
    arguments: z.record(z.string(), z.string()).default({}).describe('build arguments'),
  })
  .prefault({})
  .describe('how the image is built');

/** A quantity over zero as Kubernetes reads it: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const quantityForm = /^\+?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;

/** Kubernetes takes no CPU finer than a thousandth. */
const isThousandths = (text: string) => {
  const thousandths = quantity(text) * 1000;
  return thousandths >= 1 && Math.abs(thousandths - Math.round(thousandths)) < 1e-6;
};

const cpuAllowed = { error: 'must be a Kubernetes CPU quantity over zero such as 500m or 2' };
const cpu = z
  .union(
    [
      z.string().regex(quantityForm, cpuAllowed).refine(isThousandths, cpuAllowed),
      z.number().positive(cpuAllowed).multipleOf(0.001, cpuAllowed),
    ],
    cpuAllowed,
  )
  .transform(String);

const memoryAllowed = { error: 'must be a Kubernetes memory quantity over zero such as 512Mi or 16Gi' };
const memory = z
  .union(
    [
      z
        .string()
        .regex(quantityForm, memoryAllowed)
        .refine(text => quantity(text) >= 1, memoryAllowed),
      z.number().int(memoryAllowed).positive(memoryAllowed),
    ],
    memoryAllowed,
  )
  .transform(String);

const resourcesSchema = z
  .strictObject({
    replicas: positiveWhole.max(1000).default(1).describe('pods that serve at the same time'),
    cpu: cpu.default('500m').describe('CPU of one pod'),
    memory: memory.default('512Mi').describe('main memory of one pod'),
    gpu: z
      .strictObject({
        class: z.enum(gpuClassNames).describe('the GPU class'),
        count: positiveWhole.max(16).default(1).describe('GPUs of one pod'),
        deviceClass: objectName
          .optional()
          .describe(
            'the DeviceClass, such as gpu.nvidia.com, of which each pod claims its GPUs where dynamic resource allocation gives them out; without it pods ask for the resource of a device plugin',
          ),
        mig: z
          .strictObject({
            profile: z.string().describe('the MIG profile, such as 3g.40gb'),
            strategy: z
              .enum(['mixed', 'single'])
              .default('mixed')
              .describe(
                'how nodes offer instances: each profile as a resource of its own, or as the nvidia.com/gpu of nodes that have one profile alone, as GKE does',
              ),
          })
          .optional()
          .describe('lets the pod have one MIG instance of a GPU of the class and no whole GPU'),
      })
      .superRefine(({ class: name, count, mig }, issues) => {
        if (!mig) return;
        const profiles = migProfiles(name);
        const wrong = (path: string[], message: string) => issues.addIssue({ code: 'custom', path, message });
        if (profiles.length === 0) wrong(['mig'], `asks for a part of ${name}, which MIG does not divide: remove it`);
        else if (!profiles.includes(mig.profile))
          wrong(['mig', 'profile'], `must be a profile of ${name}: ${profiles.join(', ')}`);
        if (count > 1)
          wrong(['count'], 'must be 1 with `mig`: a program sees one MIG instance, however many the pod gets');
      })
      .optional()
      .describe('accelerators of one pod; without it the engine runs on the CPU'),
  })
  .prefault({})
  .describe('what one pod needs');

/** The schema of fairway.yaml: types, JSON Schema, defaults and error texts all come from here. */
/**
 * Characters that a name may have in a LeaderWorkerSet of so many groups. The StatefulSet of one is called `<name>-<revision>-<index>`, and its pods get
 * its name and a hash of ten as one label (kubernetes/kubernetes#64023, kubernetes-sigs/lws#410).
 */
function longestInSet(groups: number): number {
  const [label, hash, revision] = [63, 10, 8];
  return label - 1 - hash - 1 - revision - 1 - String(groups - 1).length;
}

export const serviceSchema = z
  .strictObject({
    apiVersion: z.literal('fairway.dev/v1alpha1').describe('the version of this format'),
    kind: z.literal('InferenceService').describe('what the file describes'),
    name: dnsLabel.describe('the name of the service'),
    owner: entityReference.describe('the team that answers for the service'),
    system: entityName.optional().describe('the system that the service is part of'),
    namespace: namespaceName.optional().describe('the Kubernetes namespace; default: the name'),
    engine: engineSchema,
    model: modelSchema,
    build: buildSchema,
    resources: resourcesSchema,
    scaling: scalingSchema.optional(),
    serving: servingSchema,
    startup: startupSchema,
    workload: workloadSchema,
    apply: applySchema.optional(),
    access: accessSchema,
    gateway: gatewaySchema.optional(),
    cache: cacheSchema.optional(),
    mesh: meshSchema.optional(),
    network: networkSchema.optional(),
    monitoring: monitoringSchema.optional(),
    scan: scanSchema,
    objectives: objectivesSchema,
    load: loadSchema,
    release: releaseSchema,
  })
  .superRefine((service, issues) => {
    const { promptTokens, outputTokens } = service.load;
    if (promptTokens + outputTokens > service.serving.contextLength) {
      issues.addIssue({
        code: 'custom',
        path: ['load'],
        message: `must fit into the context: promptTokens ${promptTokens} + outputTokens ${outputTokens} = ${promptTokens + outputTokens} is more than serving.contextLength ${service.serving.contextLength}`,
        params: { silent: true },
      });
    }
  })
  .superRefine(({ load, access, gateway }, issues) => {
    if (gateway) return;
    const perMinute = load.requestsPerSecond * 60;
    // arrivals of a Poisson process vary by the root of their number
    const most = Math.ceil(perMinute + 4 * Math.sqrt(perMinute));
    if (most <= access.requestsPerMinute) return;
    issues.addIssue({
      code: 'custom',
      path: ['load', 'requestsPerSecond'],
      message: `is up to ${most} requests in a minute from one client, and access.requestsPerMinute lets ${access.requestsPerMinute} through: raise the limit or lower the load, or the limit is measured and not the service`,
      params: { silent: true },
    });
  })
  .superRefine(({ gateway, access, cache, mesh, network }, issues) => {
    if (!gateway) return;
    const ours = [
      [['cache'], cache],
      [['mesh'], mesh],
      [['network'], network],
      [['access', 'hostname'], access.hostname],
      [['access', 'tokensPerMinute'], access.tokensPerMinute],
      [['access', 'tokensPerDay'], access.tokensPerDay],
      [['access', 'roles'], access.roles[0]],
      [['access', 'claims'], access.claims[0]],
    ] as const;
    for (const [path, given] of ours) {
      if (given === undefined) continue;
      issues.addIssue({
        code: 'custom',
        path: [...path],
        message: `is done by the gateway that \`mesh\` puts before the pods, and \`gateway.own\` says that another one stands there: remove it, and let that gateway do it`,
        params: { silent: true },
      });
    }
  })
  .superRefine(({ mesh, network }, issues) => {
    if (!mesh || !network) return;
    issues.addIssue({
      code: 'custom',
      path: ['network'],
      message: 'is a NetworkPolicy, and `mesh` brings one that lets in less: remove one of the two',
      params: { silent: true },
    });
  })
  .superRefine(({ apply, scaling, gateway, release, resources }, issues) => {
    const other = apply ? 'what the folder of `apply` says' : scaling ? 'what `scaling` says' : undefined;
    if (other === undefined) return;
    const moving = [
      [['gateway'], gateway],
      [
        ['release', 'surge'],
        release.surge !== undefined && release.surge < resources.replicas ? release.surge : undefined,
      ],
    ] as const;
    for (const [path, given] of moving)
      if (given !== undefined)
        issues.addIssue({
          code: 'custom',
          path: [...path],
          message: `makes a release change how many pods the versions have, and their number is ${other}: the two would undo each other. Remove one of them`,
          params: { silent: true },
        });
  })
  .superRefine(({ name, workload, resources, scaling, gateway, mesh, release }, issues) => {
    if (workload.kind !== 'LeaderWorkerSet') return;
    const wrong = (path: string[], message: string) => issues.addIssue({ code: 'custom', path, message });
    const longest = longestInSet(scaling?.max ?? resources.replicas);
    if (name.length > longest)
      wrong(
        ['name'],
        `has ${name.length} characters, and in a LeaderWorkerSet it may have ${longest}: each group of nodes is a StatefulSet, whose pods cannot be made when its name has more than 52. Shorten it, or take another \`workload.kind\``,
      );
    if (!resources.gpu)
      wrong(['resources', 'gpu'], 'is missing: several nodes share the GPUs of one model (`workload.nodes`)');
    if (mesh)
      wrong(
        ['mesh'],
        'lets the gateway alone to the pods, and the nodes of a LeaderWorkerSet have to reach each other: remove one of them',
      );
    if (gateway || (release.surge ?? resources.replicas) < resources.replicas)
      wrong(
        gateway ? ['gateway'] : ['release', 'surge'],
        'makes a release take pods from a version one by one, after their streams ended, and a LeaderWorkerSet itself chooses which go: remove it, or `workload.kind`',
      );
  })
  .superRefine(({ workload, resources, gateway, scaling, release }, issues) => {
    if (workload.kind !== 'LLMInferenceService') return;
    const wrong = (path: string[], message: string) => issues.addIssue({ code: 'custom', path, message });
    if (scaling)
      wrong(
        ['scaling'],
        'has an autoscaler set how many pods a version has, and an LLMInferenceService has no scale that it could set: remove it, or `workload.kind`',
      );
    if (gateway || (release.surge ?? resources.replicas) < resources.replicas)
      wrong(
        gateway ? ['gateway'] : ['release', 'surge'],
        'makes a release take pods from a version one by one, after their streams ended, and those of an LLMInferenceService stay in its Service until they end: remove it, or `workload.kind`',
      );
  })
  .superRefine(({ scaling, resources }, issues) => {
    if (!scaling || (resources.replicas >= scaling.min && resources.replicas <= scaling.max)) return;
    issues.addIssue({
      code: 'custom',
      path: ['resources', 'replicas'],
      message: `is the number of pods that a version starts with and must be one of \`scaling\`, from ${scaling.min} to ${scaling.max}`,
    });
  })
  .superRefine(({ scaling, mesh, apply, workload }, issues) => {
    if (scaling?.min !== 0) return;
    const without = [
      [mesh, 'pods in a mesh take requests of the gateway alone, and what holds requests passes them on (`mesh`)'],
      [apply, 'what holds requests is put beside a version by `deploy` itself (`apply`)'],
      [
        workload.kind !== 'Deployment' || undefined,
        `it is built for a Deployment and for no ${workload.kind} (\`workload.kind\`)`,
      ],
    ] as const;
    for (const [given, reason] of without)
      if (given !== undefined)
        issues.addIssue({
          code: 'custom',
          path: ['scaling', 'min'],
          message: `must be 1 or more here: ${reason}. Raise it, or remove the other`,
          params: { silent: true },
        });
  })
  .superRefine(({ release, resources }, issues) => {
    if (release.surge !== 0 || resources.replicas > 1) return;
    issues.addIssue({
      code: 'custom',
      path: ['release', 'surge'],
      message:
        'must be 1 or more with 1 replica: its only pod would have to stop before the pod of the new version starts, and nobody would answer in between',
    });
  })
  .meta({
    title: 'Fairway inference service',
    description: 'An LLM inference service as Fairway builds, delivers and watches it (fairway.yaml).',
  })
  .transform(service => {
    const { resources, release } = service;
    const surge = release.surge ?? resources.replicas;
    const keep = release.keep ?? (surge < resources.replicas ? 0 : 15);
    return { ...service, namespace: service.namespace ?? service.name, release: { ...release, surge, keep } };
  });

/** A validated service, all defaults filled in. */
export type Service = z.output<typeof serviceSchema>;

/** The JSON Schema of fairway.yaml for editors (draft 2020-12). */
export function serviceJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(serviceSchema, { io: 'input', target: 'draft-2020-12' });
}
