import { deviceOf, podNeed, replicasInQuota } from '@fairway/service';
import type { PodContainers, Service, Wanted } from '@fairway/service';
import { mostPods } from '@fairway/service/release-pods';
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
  readonly missing?: string;
  /** Why it cannot now, or why nobody knows, as a paragraph. */
  readonly unknown?: string;
}

interface Quota extends KubernetesObject {
  readonly spec?: { readonly scopes?: readonly string[]; readonly scopeSelector?: object };
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
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
  const asks = askingWords(cluster.context, service, wanted);
  const quotas = (await ifAllowed(cluster.list<Quota>('v1', 'ResourceQuota', namespace)))
    // others count some pods only, by their priority for example
    ?.filter(({ spec }) => !spec?.scopes && !spec?.scopeSelector);
  let crowded: string | undefined;
  for (const { metadata, status } of quotas ?? []) {
    const [hard, used] = [status?.hard ?? {}, status?.used ?? {}];
    const named = `the quota ${metadata.name} of the namespace ${namespace} allows`;
    const advice = `${smaller(wanted)}, or ask for a larger quota`;
    const most = replicasInQuota({ hard, used: {} }, need);
    if (most < wanted.together) return never(service, `${asks}, and ${named} ${most} in all. ${advice}.`);
    const left = replicasInQuota({ hard, used }, need) + wanted.leaving;
    if (left < wanted.more) crowded = `${asks}, and ${named} ${left} more now. ${advice}.`;
  }
  const { queue } = service.workload;
  const queued = queue === undefined ? {} : await queueAnswer(cluster, { namespace, queue }, need, wanted);
  if (queued.never)
    return never(service, `${asks}, and ${queued.never}. ${smaller(wanted)}, or have the queue changed.`);
  if (queued.waits) crowded = `${asks}, and ${queued.waits}. \`deploy\` waits until the queue admits them.`;
  crowded ??= queued.unseen;

  const nodes = await ifAllowed(cluster.list<Node>('v1', 'Node'));
  if (!nodes) return crowded ? { unknown: crowded } : unseen('nodes');
  const empty = await count(nodes, wanted.together, node => podsOnNode(node, need, []));
  if (empty.pods < wanted.together) {
    const found = `${asks}, and its nodes have room for ${empty.pods} when nothing else runs on them${ofNodes(nodes, empty.reasons)}`;
    const advice = `${smaller(wanted)}, or add nodes.`;
    const scaled = await addsNodes(cluster);
    if (scaled === false) return never(service, `${found} ${advice}`);
    const might = scaled ? 'Its autoscaler may add some.' : 'Whether something adds nodes is not known.';
    return { unknown: `${found} ${might} If nothing does: ${advice}` };
  }
  if (crowded) return { unknown: crowded };
  const now = await ifAllowed(
    count(nodes, wanted.more, async node => {
      const alone = podsOnNode(node, need, []);
      return 'why' in alone ? alone : podsOnNode(node, need, await podsOf(cluster, node, wanted));
    }),
  );
  if (!now) return unseen('pods of all namespaces');
  if (now.pods >= wanted.more) return {};
  return {
    unknown: `${asks}, ${wanted.more} of them new, and beside what runs there now its nodes have room for ${now.pods}${ofNodes(nodes, now.reasons)} \`deploy\` waits for room for startup.schedulingSeconds. ${smaller(wanted)}, or end something else.`,
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

/** Asks node after node until there is room enough. */
async function count(
  nodes: readonly Node[],
  enough: number,
  ask: (node: Node) => NodeAnswer | Promise<NodeAnswer>,
): Promise<{ readonly pods: number; readonly reasons: ReadonlyMap<string, number> }> {
  const reasons = new Map<string, number>();
  let pods = 0;
  for (const node of nodes) {
    if (pods >= enough) break;
    const answer = await ask(node);
    if ('pods' in answer) pods += answer.pods;
    else reasons.set(answer.why, (reasons.get(answer.why) ?? 0) + 1);
  }
  return { pods, reasons };
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

/** `patches` may ask for something else than is counted here. */
function never({ workload }: Service, found: string): RoomAnswer {
  const patched = workload.patches.some(({ kind }) => kind === workload.kind);
  if (!patched) return { missing: found };
  return { unknown: `${found} What workload.patches changes of the pods is not counted here.` };
}

function unseen(what: string): RoomAnswer {
  return {
    unknown: `The login may not list ${what}, so whether the cluster has room for the service is not known. A ClusterRole that may list nodes and pods lets prepare look.`,
  };
}

function askingWords(context: string, { resources }: Service, { together, more }: Wanted): string {
  const { gpu, cpu, memory } = resources;
  const each = `${gpu ? `${gpu.count} × ${deviceOf(gpu)?.name}, ` : ''}CPU ${cpu} and memory ${memory}`;
  const whole = together > more ? ', the version that serves included' : '';
  return `In the cluster of context "${context}" the service needs ${together} ${together === 1 ? 'pod' : 'pods'} with ${each} at a time${whole}`;
}

function smaller({ together, more }: Wanted): string {
  return `Lower \`resources\`${together > more ? ' or `release.surge`' : ''} in fairway.yaml`;
}

/** `: of 12 nodes 8 are without nvidia-l4-24gb, 3 are …`, the most frequent reason first. */
function ofNodes(nodes: readonly Node[], reasons: ReadonlyMap<string, number>): string {
  const words = [...reasons]
    .sort(([, a], [, b]) => b - a)
    .map(([why, times]) => `${times} ${times === 1 ? 'is' : 'are'} ${why}`);
  return words.length === 0
    ? '.'
    : `: of ${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'} ${words.join(', ')}.`;
}
