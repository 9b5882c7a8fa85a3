import * as z from 'zod';
import { engineNames } from './engine-names.ts';
import { gpuClassNames } from './gpu-classes.ts';
import { migProfiles } from './mig.ts';
import { adapterConflicts, adaptersSchema } from './schema-adapters.ts';
import { accessSchema, cacheSchema, gatewaySchema, meshSchema, networkSchema } from './schema-access.ts';
import { applySchema, monitoringSchema } from './schema-cluster.ts';
import { scalingSchema, servingSchema, startupSchema } from './schema-pods.ts';
import { imageSchema } from './schema-image.ts';
import { cpu, memory } from './schema-quantities.ts';
import { loadSchema, objectivesSchema, releaseSchema } from './schema-release.ts';
import { scanSchema } from './schema-scan.ts';
import {
  dnsLabel,
  entityName,
  entityReference,
  insideFolder,
  namespaceName,
  objectName,
  pinnedReference,
  positiveWhole,
  servedName,
  text,
} from './schema-values.ts';
import { weightsSchema } from './schema-weights.ts';
import { workloadSchema } from './schema-workload.ts';
import { type Reason, reasonOf } from './reasons/delivery-reason.ts';
import { broken } from './rule.ts';

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
    reference: pinnedReference
      .optional()
      .describe(
        'a model on the Hugging Face hub, pinned to a commit: hf://organization/name@commit, and /path behind it for one file or folder of the repository',
      ),
    weights: weightsSchema.optional(),
    adapters: adaptersSchema.optional(),
    license: text
      .optional()
      .describe('the licence of the weights as an SPDX identifier; read from the model when absent'),
    shape: shapeSchema.optional(),
  })
  .superRefine((model, issues) => {
    if ((model.path === undefined) === (model.reference === undefined)) {
      issues.addIssue({
        code: 'custom',
        ...broken(model.path === undefined ? reasonOf('conflict.noModel') : reasonOf('conflict.twoModels'), true),
      });
    }
    if (model.weights?.hashes === 'hub' && model.reference === undefined)
      issues.addIssue({
        code: 'custom',
        path: ['weights', 'hashes'],
        ...broken(reasonOf('conflict.hashesWithoutCommit'), true),
      });
    if (model.weights?.from === 'hub' && !/@[0-9a-f]{40}$/.test(model.reference ?? ''))
      issues.addIssue({
        code: 'custom',
        path: ['weights', 'from'],
        ...broken(reasonOf('conflict.hubPath'), true),
      });
    for (const { path, reason } of adapterConflicts(model))
      issues.addIssue({ code: 'custom', path: ['adapters', ...path], ...broken(reason) });
  })
  .meta({ description: 'the model that is served', oneOf: [{ required: ['path'] }, { required: ['reference'] }] });

const buildSchema = z
  .strictObject({
    dockerfile: insideFolder.default('Dockerfile').describe('the Dockerfile, relative to the service folder'),
    context: insideFolder.default('.').describe('the folder sent to the build, relative to the service folder'),
    arguments: z.record(z.string(), z.string()).default({}).describe('build arguments'),
    platform: z
      .enum(['linux/amd64', 'linux/arm64'])
      .optional()
      .describe(
        "what the image is built for; default: the platform of the daemon that builds. Another one than the daemon's needs QEMU there for RUN steps",
      ),
    target: text.optional().describe('the stage of the Dockerfile that is built; default: the last one'),
  })
  .prefault({})
  .describe('how the image is built');

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
        const wrong = (path: string[], reason: Reason) => issues.addIssue({ code: 'custom', path, ...broken(reason) });
        if (profiles.length === 0) wrong(['mig'], reasonOf('conflict.noMig', { gpu: name }));
        else if (!profiles.includes(mig.profile))
          wrong(['mig', 'profile'], reasonOf('conflict.migProfile', { gpu: name, profiles: profiles.join(', ') }));
        if (count > 1) wrong(['count'], reasonOf('conflict.oneMig'));
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
    image: imageSchema,
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
        ...broken(
          reasonOf('conflict.context', {
            prompt: promptTokens,
            output: outputTokens,
            sum: promptTokens + outputTokens,
            length: service.serving.contextLength,
          }),
          true,
        ),
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
      ...broken(reasonOf('conflict.clientLimit', { most, limit: access.requestsPerMinute }), true),
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
      [['access', 'concurrentRequests'], access.concurrentRequests],
      [['access', 'roles'], access.roles[0]],
      [['access', 'claims'], access.claims[0]],
    ] as const;
    for (const [path, given] of ours) {
      if (given === undefined) continue;
      issues.addIssue({
        code: 'custom',
        path: [...path],
        ...broken(reasonOf('conflict.ownGateway'), true),
      });
    }
  })
  .superRefine(({ mesh, network }, issues) => {
    if (!mesh || !network) return;
    issues.addIssue({
      code: 'custom',
      path: ['network'],
      ...broken(reasonOf('conflict.networkAndMesh'), true),
    });
  })
  .superRefine(({ apply, scaling, gateway, release, resources }, issues) => {
    const other = apply ? 'conflict.applySays' : scaling ? 'conflict.scalingSays' : undefined;
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
          ...broken(reasonOf('conflict.podNumber', { number: reasonOf(other) }), true),
        });
  })
  .superRefine(({ name, workload, resources, scaling, gateway, mesh, release }, issues) => {
    if (workload.kind !== 'LeaderWorkerSet') return;
    const wrong = (path: string[], reason: Reason) => issues.addIssue({ code: 'custom', path, ...broken(reason) });
    const longest = longestInSet(scaling?.max ?? resources.replicas);
    if (name.length > longest) wrong(['name'], reasonOf('conflict.setName', { length: name.length, most: longest }));
    if (!resources.gpu) wrong(['resources', 'gpu'], reasonOf('conflict.setGpu'));
    if (mesh) wrong(['mesh'], reasonOf('conflict.setMesh'));
    if (gateway || (release.surge ?? resources.replicas) < resources.replicas)
      wrong(gateway ? ['gateway'] : ['release', 'surge'], reasonOf('conflict.setSurge'));
  })
  .superRefine(({ workload, resources, gateway, scaling, release, model }, issues) => {
    if (workload.kind !== 'LLMInferenceService') return;
    const wrong = (path: string[], reason: Reason) => issues.addIssue({ code: 'custom', path, ...broken(reason) });
    if (model.adapters) wrong(['model', 'adapters'], reasonOf('conflict.kserveAdapters'));
    if (scaling) wrong(['scaling'], reasonOf('conflict.kserveScaling'));
    if (gateway || (release.surge ?? resources.replicas) < resources.replicas)
      wrong(gateway ? ['gateway'] : ['release', 'surge'], reasonOf('conflict.kserveSurge'));
  })
  .superRefine(({ scaling, resources }, issues) => {
    if (!scaling || (resources.replicas >= scaling.min && resources.replicas <= scaling.max)) return;
    issues.addIssue({
      code: 'custom',
      path: ['resources', 'replicas'],
      ...broken(reasonOf('conflict.startPods', { min: scaling.min, max: scaling.max })),
    });
  })
  .superRefine(({ scaling, mesh, apply, workload }, issues) => {
    if (scaling?.min !== 0) return;
    const without = [
      [mesh, reasonOf('conflict.sleepMesh')],
      [apply, reasonOf('conflict.sleepApply')],
      [workload.kind !== 'Deployment' || undefined, reasonOf('conflict.sleepKind', { kind: workload.kind })],
    ] as const;
    for (const [given, reason] of without)
      if (given !== undefined)
        issues.addIssue({
          code: 'custom',
          path: ['scaling', 'min'],
          ...broken(reasonOf('conflict.sleep', { reason }), true),
        });
  })
  .superRefine(({ image, mesh, apply }, issues) => {
    if (image.maxColdSeconds === undefined || !(mesh ?? apply)) return;
    issues.addIssue({
      code: 'custom',
      path: ['image', 'maxColdSeconds'],
      ...broken(reasonOf('conflict.coldBudget', { field: mesh ? 'mesh' : 'apply' }), true),
    });
  })
  .superRefine(({ release, resources }, issues) => {
    if (release.surge !== 0 || resources.replicas > 1) return;
    issues.addIssue({
      code: 'custom',
      path: ['release', 'surge'],
      ...broken(reasonOf('conflict.surge')),
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
