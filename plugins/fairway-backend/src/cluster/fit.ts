import { InputError } from '@backstage/errors';
import type { FitAnswer, FitQuestion } from '@fairway/backstage-plugin-fairway-common';
import { engineMemory, fitsGpu, gpuClasses, serviceSchema, type GpuClass } from '@fairway/service';
import type { CountedPool } from './gpu-pools.ts';

/**
 * Whether a model fits the class (as `prepare` judges it) and which clusters have room for its replicas now. Room is a node
 * with enough free devices for a whole replica, since a pod never spans nodes.
 * @throws InputError for an unknown class
 */
export function answerFit(
  question: FitQuestion,
  clusters: readonly { readonly name: string; readonly pools: readonly CountedPool[] }[],
): FitAnswer {
  const { gpuClass: className, gpusPerReplica, replicas } = question;
  const gpuClass = gpuClasses.get(className);
  if (!gpuClass)
    throw new InputError(
      `gpuClass names no GPU class; found "${className}". The classes are ${[...gpuClasses.keys()].join(', ')}.`,
    );
  const { memoryFits, sentence } = memoryOf(question, gpuClass);
  const places = clusters
    .map(({ name, pools }) => {
      // what deploy asks for is the extended resource of the class
      const counted = pools.find(({ pool }) => pool.class === className && pool.resource === gpuClass.resource);
      return { cluster: name, ...room(counted, gpusPerReplica, replicas) };
    })
    .filter(place => place.replicas > 0)
    .sort((a, b) => b.replicas - a.replicas);
  // a service is delivered to one cluster
  return { memoryFits, sentence, places, fits: memoryFits && (places[0]?.replicas ?? 0) >= replicas };
}

/** As `prepare` judges it, for vLLM with the arguments that Fairway gives. */
function memoryOf(question: FitQuestion, gpu: GpuClass): { memoryFits: boolean; sentence: string } {
  const { model, contextLength, sequences, gpuClass, gpusPerReplica } = question;
  const { layers, kvHeads, headDim, bytes } = model;
  const service = serviceSchema.parse({
    apiVersion: 'fairway.dev/v1alpha1',
    kind: 'InferenceService',
    name: 'fit',
    owner: 'fit',
    engine: { name: 'vllm' },
    model: { name: 'fit', path: 'model' },
    resources: { gpu: { class: gpuClass, count: gpusPerReplica } },
  });
  const engine = engineMemory({ ...service, serving: { ...service.serving, contextLength, sequences } });
  const sized = {
    bytes,
    kvHeads,
    cache: [{ kind: 'attention', layers, kvHeads, keyDim: headDim, valueDim: headDim }],
  } as const;
  const fit = fitsGpu(sized, engine, { gpus: gpusPerReplica, gpu });
  if (!fit) throw new Error('a model with layers has no estimate');
  return { memoryFits: fit.fits, sentence: fit.sentence };
}

/** @returns all replicas that fit, and the nodes that the wanted ones would get */
function room(counted: CountedPool | undefined, gpus: number, wanted: number): { replicas: number; nodes: string[] } {
  const fitting = (counted?.free ?? [])
    .map(({ node, devices }) => ({ node, left: devices % gpus, replicas: Math.floor(devices / gpus) }))
    .filter(one => one.replicas > 0)
    // nodes that would be filled without a rest first: whole nodes stay for larger models
    .sort((a, b) => a.left - b.left || a.replicas - b.replicas || a.node.localeCompare(b.node));
  const nodes: string[] = [];
  let placed = 0;
  for (const { node, replicas } of fitting) {
    if (placed >= wanted) break;
    nodes.push(node);
    placed += replicas;
  }
  return { replicas: fitting.reduce((sum, one) => sum + one.replicas, 0), nodes };
}
