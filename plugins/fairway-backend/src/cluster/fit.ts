import { InputError } from '@backstage/errors';
import type { FitAnswer, FitQuestion } from '@fairway/backstage-plugin-fairway-common';
import { computeReason, engineMemory, fitsGpu, parallelReason } from '@fairway/engines';
import {
  countsPods,
  deniedByLimits,
  gpuClasses,
  podNeed,
  replicasInQuota,
  replicasOnNode,
  serviceSchema,
} from '@fairway/service';
import type { GpuClass, LimitRangeItem, NodeRoom, PodNeed, Service } from '@fairway/service';
import { english, reasonOf, type Reason } from '@fairway/service/reasons/reason';
import { codedError } from '../http/coded-error.ts';
import type { AskedFacts } from '../models/asked-models.ts';
import type { CountedPool } from './gpu-pools.ts';
import { queueFit } from './queue-fit.ts';
import type { WatchedQueues } from './watched-queues.ts';
import type { WatchedQuota } from './watched-quota.ts';

/** What is known of a cluster when the question comes. */
export interface FitCluster {
  readonly name: string;
  readonly pools: readonly CountedPool[];
  room(node: string): NodeRoom | undefined;
  quotas(namespace: string): readonly WatchedQuota[];
  /** Of its LimitRanges; undefined where the portal does not see them. */
  limits(namespace: string): readonly LimitRangeItem[] | undefined;
  readonly queues: WatchedQueues | undefined;
}

/**
 * Whether a model fits the class (as `prepare` judges it) and which clusters have room for its replicas now. Room is a node
 * with enough free devices, CPU and memory for a whole replica, since a pod never spans nodes, and whose taints it tolerates.
 * @throws InputError for an unknown class
 */
export function answerFit(question: FitQuestion, model: AskedFacts, clusters: readonly FitCluster[]): FitAnswer {
  const { gpuClass: className, replicas } = question;
  const gpuClass = gpuClasses.get(className);
  if (!gpuClass)
    throw codedError(
      InputError,
      reasonOf('answer.gpuClass', { gpuClass: className, classes: [...gpuClasses.keys()].join(', ') }),
    );
  const { memoryFits, coded } = memoryOf(question, model, gpuClass);
  const need = podNeed(plainService(question, model.format));
  const asked = clusters.filter(({ name }) => question.queue === undefined || name === question.queue.cluster);
  const limited = limitsOf(asked, need, question.namespace ?? question.queue?.namespace);
  const places = asked
    .filter(({ name }) => !limited.denies.has(name))
    .map(cluster => ({ cluster: cluster.name, ...placesIn(cluster, gpuClass, need, question) }))
    .filter(place => place.replicas > 0)
    .sort((a, b) => b.replicas - a.replicas);
  const queue = question.queue && queueFit(clusters, question.queue, need, replicas);
  // a service is delivered to one cluster
  const hasRoom = (places[0]?.replicas ?? 0) >= replicas;
  return {
    memoryFits,
    sentence: english(coded),
    coded,
    places,
    ...(limited.remarks.length > 0 && {
      remarks: limited.remarks.map(remark => ({ sentence: english(remark), coded: remark })),
    }),
    ...(queue && { queue }),
    fits: memoryFits && hasRoom && (queue === undefined || queue.admits === 'now'),
  };
}

/** The clusters whose LimitRanges deny the pods in the namespace, and what is to say of them. */
function limitsOf(clusters: readonly FitCluster[], need: PodNeed, namespace: string | undefined) {
  const denies = new Set<string>();
  if (namespace === undefined) return { denies, remarks: [] };
  const remarks = clusters.flatMap(one => {
    const cluster = one.name;
    const items = one.limits(namespace);
    if (items === undefined) return [reasonOf('fit.limitsUnseen', { cluster })];
    const why = deniedByLimits(items, need);
    if (why === undefined) return [];
    denies.add(cluster);
    return [reasonOf('fit.limits', { namespace, cluster, why })];
  });
  return { denies, remarks };
}

/** As `prepare` judges it, with the arguments that Fairway gives. */
function memoryOf(question: FitQuestion, model: AskedFacts, gpu: GpuClass): { memoryFits: boolean; coded: Reason } {
  const { gpusPerReplica: gpus, contextLength } = question;
  const most = model.contextLength;
  if (most !== undefined && contextLength > most)
    return { memoryFits: false, coded: reasonOf('fits.tooLong', { most, contextLength }) };
  const engine = engineMemory(plainService(question, model.format));
  // an engine that does not start needs no sum
  const problem = computeReason(model, engine, gpu) ?? parallelReason(model, engine, gpus);
  if (problem !== undefined) return { memoryFits: false, coded: problem };
  const fit = fitsGpu(model, engine, { gpus, gpu });
  if (!fit) throw new Error('a model with layers has no estimate');
  return { memoryFits: fit.fits, coded: fit.coded };
}

/** The service that the question stands for: the engine of the format with the arguments that Fairway gives, and the defaults of fairway.yaml. */
function plainService(question: FitQuestion, format: AskedFacts['format'] = 'safetensors'): Service {
  const { contextLength, sequences, gpuClass, gpusPerReplica } = question;
  const service = serviceSchema.parse({
    apiVersion: 'fairway.dev/v1alpha1',
    kind: 'InferenceService',
    name: 'fit',
    owner: 'fit',
    engine: { name: format === 'gguf' ? 'llamacpp' : 'vllm' },
    model: { name: 'fit', path: 'model' },
    resources: { gpu: { class: gpuClass, count: gpusPerReplica } },
  });
  const { resources, serving } = service;
  const { cpu = resources.cpu, memory = resources.memory } = question;
  return {
    ...service,
    serving: { ...serving, contextLength, sequences },
    resources: { ...resources, cpu, memory },
  };
}

/** @returns all replicas that fit, and the nodes that the wanted ones would get */
function placesIn(
  cluster: FitCluster,
  gpuClass: GpuClass,
  need: PodNeed,
  { gpusPerReplica: gpus, replicas: wanted, queue, namespace = queue?.namespace }: FitQuestion,
): { replicas: number; nodes: string[] } {
  // what deploy asks for is the extended resource of the class
  const counted = cluster.pools.find(
    ({ pool }) =>
      pool.class === gpuClass.name && pool.resource === gpuClass.resource && pool.source === 'device-plugin',
  );
  const fitting = (counted?.free ?? [])
    .map(({ node, devices }) => {
      const room = cluster.room(node);
      return { node, left: devices % gpus, replicas: room ? replicasOnNode(room, need) : 0 };
    })
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
  const room = fitting.reduce((sum, one) => sum + one.replicas, 0);
  const quotas =
    namespace === undefined ? [] : cluster.quotas(namespace).filter(one => countsPods(one.scopes, undefined));
  return { replicas: Math.min(room, ...quotas.map(quota => replicasInQuota(quota, need))), nodes };
}
