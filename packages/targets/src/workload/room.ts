import {
  countsPods,
  defaultCpuLimit,
  deniedByLimits,
  deviceOf,
  podNeed,
  quantity,
  replicasInQuota,
} from '@fairway/service';
import type { LimitRangeItem, PodContainers, PodNeed, QuotaScopes, Service, Wanted } from '@fairway/service';
import { mostPods } from '@fairway/service/release-pods';
import { english, listOf, podCount, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { addsNodes } from '@fairway/clients/kubernetes/autoscaler';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { listPages } from '@fairway/clients/kubernetes/list-pages';
import { revisionLabel } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { releasedRevisions } from '@fairway/clients/kubernetes/released';
import { ifAllowed } from '@fairway/clients/if-allowed';
import { isKept } from './keep.ts';
import { podsOnNode } from './node-fit.ts';
import type { Node, NodeAnswer } from './node-fit.ts';
import { desiredPods, wholePods } from './pods.ts';
import { queueAnswer } from './queue-room.ts';
import { previousRevision, versions } from './versions.ts';

export interface RoomAnswer {
  /** Why the cluster can never hold the service, as a paragraph. */
  readonly missing?: Reason;
  /** Why it cannot now, or why nobody knows, as a paragraph. */
  readonly unknown?: Reason | string;
}

interface Quota extends KubernetesObject {
  readonly spec?: QuotaScopes;
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

interface LimitRange extends KubernetesObject {
  readonly spec?: { readonly limits?: readonly LimitRangeItem[] };
}

interface RunningPod extends KubernetesObject {
  readonly spec?: PodContainers;
}

/** What a service needs beside what is in the cluster: with the version that serves, at the time of the release that needs most. */
interface WantedHere extends Wanted {
  /** Versions of the pods that `deploy` removes first. */
  readonly leavingRevisions: ReadonlySet<string>;
}

/** Whether the nodes, the quotas and the queues of a cluster have room for the pods of a service: at all, and beside what runs there now. */
export async function roomInCluster(cluster: Cluster, service: Service): Promise<RoomAnswer> {
  const { namespace } = service;
  const need = podNeed(service);
  const wanted = await wantedPods(cluster, service);
  const needs = needed(cluster.context, service, wanted);
  const lower = reasonOf(wanted.together > wanted.more ? 'room.lowerSurge' : 'room.lower');
  const ranges = await ifAllowed(cluster.list<LimitRange>('v1', 'LimitRange', namespace));
  const limits = ranges?.flatMap(({ spec }) => spec?.limits ?? []);
  const why = deniedByLimits(limits ?? [], need);
  if (why) return never(service, reasonOf('room.limits', { needs, namespace, why }));
  const counted = quotaNeed(service, need, limits ?? []);
  const quotas = (await ifAllowed(cluster.list<Quota>('v1', 'ResourceQuota', namespace)))
    // others count some pods only
    ?.filter(({ spec }) => countsPods(spec ?? {}, service.workload.priorityClass));
  let crowded: Reason | string | undefined;
  for (const { metadata, status } of quotas ?? []) {
    const [hard, used] = [status?.hard ?? {}, status?.used ?? {}];
    const named = { needs, quota: metadata.name, namespace, lower };
    if ('limits.cpu' in hard && limits && defaultCpuLimit(limits) === undefined)
      return never(service, reasonOf('room.quotaAsks', { ...named, cpu: service.resources.cpu }));
    const most = replicasInQuota({ hard, used: {} }, counted);
    if (most < wanted.together) return never(service, reasonOf('room.quota', { ...named, most }));
    const left = replicasInQuota({ hard, used }, counted) + wanted.leaving;
    if (left < wanted.more) crowded = reasonOf('room.quotaNow', { ...named, left });
  }
  const { queue } = service.workload;
  const queued = queue === undefined ? {} : await queueAnswer(cluster, { namespace, queue }, need, wanted);
  if (queued.never) return never(service, reasonOf('room.queue', { needs, queue: queued.never, lower }));
  if (queued.waits) crowded = reasonOf('room.queueNow', { needs, queue: queued.waits });
  crowded ??= queued.unseen;

  const nodes = await ifAllowed(cluster.list<Node>('v1', 'Node'));
  if (!nodes) return crowded ? { unknown: crowded } : unseen('nodes');
  const empty = await count(nodes, wanted.together, node => podsOnNode(node, need, []));
  if (empty.pods < wanted.together) {
    const found = ofNodes(reasonOf('room.nodes', { needs, most: empty.pods }), nodes, empty.reasons);
    const advice = reasonOf('room.addNodes', { lower });
    const scaled = await addsNodes(cluster);
    if (scaled === false) return never(service, then(found, advice));
    return { unknown: then(found, reasonOf(scaled ? 'room.mayGrow' : 'room.mightGrow', { advice })) };
  }
  if (crowded) return { unknown: crowded };
  const now = await ifAllowed(
    count(nodes, wanted.more, async node => {
      const alone = podsOnNode(node, need, []);
      return 'why' in alone ? alone : podsOnNode(node, need, await podsOf(cluster, node, wanted));
    }),
  );
  if (!now) return unseen('pods of all namespaces');
  if (now.pods >= wanted.more) return mixedProcessors(nodes, need);
  const room = reasonOf('room.nodesNow', { needs, more: wanted.more, most: now.pods });
  return { unknown: then(ofNodes(room, nodes, now.reasons), reasonOf('room.waits', { lower })) };
}

/**
 * What quotas count of a pod beside what nodes do: the limit of CPU that a namespace gives it, and devices that it claims.
 * Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-for-dynamic-resource-allocation
 */
function quotaNeed({ resources: { gpu } }: Service, need: PodNeed, limits: readonly LimitRangeItem[]): PodNeed {
  const limit = defaultCpuLimit(limits);
  const devices = `${gpu?.deviceClass}.deviceclass.resource.k8s.io/devices`;
  return {
    ...need,
    resources: new Map([
      ...need.resources,
      ...(limit === undefined ? [] : [['limits.cpu', quantity(limit)] as const]),
      ...(gpu && need.claimed ? [[devices, gpu.count] as const] : []),
    ]),
  };
}

async function wantedPods(cluster: Cluster, service: Service): Promise<WantedHere> {
  const { nodes } = service.workload;
  const found = await versions(cluster, service.namespace, service.name);
  const serving = releasedRevisions(found)[0] ?? previousRevision(found, '');
  const whole = wholePods(found.find(({ metadata }) => metadata.labels?.[revisionLabel] === serving));
  const left = found.filter(one => one.metadata.labels?.[revisionLabel] !== serving && !isKept(one));
  const together = mostPods(service, whole);
  return {
    together: together * nodes,
    more: (together - whole) * nodes,
    leaving: left.reduce((sum, one) => sum + desiredPods(one), 0) * nodes,
    leavingRevisions: new Set(left.flatMap(({ metadata }) => metadata.labels?.[revisionLabel] ?? [])),
  };
}

/** Why some of the nodes take no pod. */
interface NodesReason {
  readonly why: Reason;
  readonly times: number;
}

/** Asks node after node until there is room enough. */
async function count(
  nodes: readonly Node[],
  enough: number,
  ask: (node: Node) => NodeAnswer | Promise<NodeAnswer>,
): Promise<{ readonly pods: number; readonly reasons: readonly NodesReason[] }> {
  const reasons = new Map<string, NodesReason>();
  let pods = 0;
  for (const node of nodes) {
    if (pods >= enough) break;
    const answer = await ask(node);
    if ('pods' in answer) pods += answer.pods;
    else {
      const said = english(answer.why);
      reasons.set(said, { why: answer.why, times: (reasons.get(said)?.times ?? 0) + 1 });
    }
  }
  return { pods, reasons: [...reasons.values()] };
}

/** What the pods of a node hold, without those that have ended and those that go first. */
async function podsOf(
  cluster: Cluster,
  { metadata }: Node,
  { leavingRevisions }: WantedHere,
): Promise<PodContainers[]> {
  const running = `spec.nodeName=${metadata.name},status.phase!=Succeeded,status.phase!=Failed`;
  const pods: PodContainers[] = [];
  await listPages(cluster, '/api/v1/pods', { fieldSelector: running }, ({ metadata: { labels }, ...pod }) => {
    if (!leavingRevisions.has(labels?.[revisionLabel] ?? '')) pods.push((pod as RunningPod).spec ?? {});
  });
  return pods;
}

const processorLabel = 'kubernetes.io/arch';

/** Nodes of two kinds, of which the pods may come to either. */
function mixedProcessors(nodes: readonly Node[], need: PodNeed): RoomAnswer {
  if (need.nodeSelector[processorLabel] !== undefined) return {};
  const taking = nodes.filter(node => 'pods' in podsOnNode(node, need, []));
  const kinds = [...new Set(taking.flatMap(({ metadata }) => metadata.labels?.[processorLabel] ?? []))].toSorted();
  return kinds.length > 1 ? { unknown: reasonOf('room.processors', { processors: listOf('list.and', kinds) }) } : {};
}

/** `patches` may ask for something else than is counted here. */
function never({ workload }: Service, found: Reason): RoomAnswer {
  const patched = workload.patches.some(({ kind }) => kind === workload.kind);
  if (!patched) return { missing: found };
  return { unknown: then(found, reasonOf('room.patched')) };
}

function unseen(what: string): RoomAnswer {
  return {
    unknown: `The login may not list ${what}, so whether the cluster has room for the service is not known. A ClusterRole that may list nodes and pods lets prepare look.`,
  };
}

function needed(context: string, { resources }: Service, { together, more }: Wanted): Reason {
  const { gpu, cpu, memory } = resources;
  const each = gpu
    ? reasonOf('room.eachWithGpu', { gpus: gpu.count, gpu: String(deviceOf(gpu)?.name), cpu, memory })
    : reasonOf('room.each', { cpu, memory });
  return reasonOf(together > more ? 'room.needsBeside' : 'room.needs', { context, pods: podCount(together), each });
}

function then(first: Reason, second: Reason): Reason {
  return reasonOf('list.then', { first, second });
}

/** `…: of 12 nodes 8 are without nvidia-l4-24gb, 3 are …`, the most frequent reason first. */
function ofNodes(room: Reason, { length: number }: readonly Node[], reasons: readonly NodesReason[]): Reason {
  if (reasons.length === 0) return reasonOf('stage.ended', { sentence: room });
  const said = reasons
    .toSorted((a, b) => b.times - a.times)
    .map(({ why, times }) =>
      times === 1 ? reasonOf('room.nodeIs', { why }) : reasonOf('room.nodesAre', { number: times, why }),
    );
  const nodes = number === 1 ? reasonOf('nodeCount.one') : reasonOf('nodeCount.many', { number });
  return reasonOf('room.ofNodes', { room, nodes, reasons: listOf('list.comma', said) });
}
