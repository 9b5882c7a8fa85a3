import { keepingOff, nodeGpus, quantity, QueueQuota } from '@fairway/service';
import type { QuotaHolder, ResourceGroup, Taint, Toleration } from '@fairway/service';
import { ifAllowed } from '@fairway/clients/if-allowed';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { holdsFor } from '@fairway/clients/kubernetes/label-selector';
import type { LabelExpression } from '@fairway/clients/kubernetes/label-selector';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { Condition } from '@fairway/clients/kubernetes/workload';
import { gpuAffinity } from './gpu-nodes.ts';
import type { PodNeed } from './node-fit.ts';

// fields that both have: what differs is the name of a queue's cohort
const apiVersions = ['kueue.x-k8s.io/v1beta2', 'kueue.x-k8s.io/v1beta1'];

interface WithState extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface LocalQueue extends WithState {
  readonly spec: { readonly clusterQueue?: string };
}

interface ClusterQueue extends WithState {
  readonly spec: {
    readonly resourceGroups?: readonly ResourceGroup[];
    readonly cohortName?: string;
    /** Of v1beta1. */
    readonly cohort?: string;
    readonly namespaceSelector?: {
      readonly matchLabels?: Readonly<Record<string, string>>;
      readonly matchExpressions?: readonly LabelExpression[];
    } | null;
  };
  readonly status?: WithState['status'] & {
    readonly flavorsReservation?: readonly {
      readonly name: string;
      readonly resources?: readonly { readonly name: string; readonly total?: string | number }[];
    }[];
    readonly pendingWorkloads?: number;
  };
}

interface Cohort extends KubernetesObject {
  readonly spec?: { readonly parentName?: string; readonly resourceGroups?: readonly ResourceGroup[] };
}

interface Flavor extends KubernetesObject {
  readonly spec?: {
    readonly nodeLabels?: Readonly<Record<string, string>>;
    readonly nodeTaints?: readonly Taint[];
    readonly tolerations?: readonly Toleration[];
  };
}

/** What a queue says of the pods of a service. Each sentence goes on after what the service needs. */
export interface QueueAnswer {
  /** Why they are never admitted. */
  readonly never?: string;
  /** Why they wait now. */
  readonly waits?: string;
  /** Why nobody knows, as sentences of their own. */
  readonly unseen?: string;
}

/**
 * Whether the LocalQueue of a service admits its pods: at all, and now.
 * @param wanted pods at a time, and of those the ones that are new
 */
export async function queueAnswer(
  cluster: Cluster,
  { namespace, queue: name }: { readonly namespace: string; readonly queue: string },
  need: PodNeed,
  wanted: { readonly together: number; readonly more: number; readonly leaving: number },
): Promise<QueueAnswer> {
  const apiVersion = await served(cluster);
  if (!apiVersion)
    return {
      unseen: `The cluster does not serve LocalQueue, so \`workload.queue\` has no effect: no queue admits the pods.`,
    };
  const hidden = {
    unseen: `The login may not look at the queue ${name}, so whether it admits the pods is not known. It takes \`get\` on localqueues of the namespace, and \`list\` on clusterqueues, cohorts and resourceflavors.`,
  };
  const local = await ifAllowed(
    cluster.get<LocalQueue>({ apiVersion, kind: 'LocalQueue', metadata: { namespace, name } }).then(one => ({ one })),
  );
  if (!local) return hidden;
  const standing = await ifAllowed(cluster.get({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }));
  if (!local.one) {
    const absent = `the namespace ${namespace} has no LocalQueue ${name} (\`workload.queue\`), so that they are never admitted`;
    // whoever makes the namespace may make its queues
    return standing ? { never: absent } : { waits: absent };
  }
  const through = local.one.spec.clusterQueue ?? '';
  const [queues, cohorts, flavors] = await Promise.all([
    ifAllowed(cluster.list<ClusterQueue>(apiVersion, 'ClusterQueue')),
    ifAllowed(cluster.list<Cohort>(apiVersion, 'Cohort')),
    ifAllowed(cluster.list<Flavor>(apiVersion, 'ResourceFlavor')),
  ]);
  const inactive = stopped(local.one);
  if (!queues || !cohorts || !flavors) return inactive ? { waits: `the LocalQueue ${name} ${inactive}` } : hidden;
  const queue = queues.find(({ metadata }) => metadata.name === through);
  if (!queue) return { never: `the ClusterQueue ${through} of the LocalQueue ${name} is not in the cluster` };
  if (standing && !selects(queue, standing.metadata.labels ?? {}))
    return {
      never: `the ClusterQueue ${through} does not take pods of the namespace ${namespace} (namespaceSelector)`,
    };
  const halted = stopped(queue);
  if (halted) return { waits: `the ClusterQueue ${through} ${halted}` };
  if (inactive) return { waits: `the LocalQueue ${name} ${inactive}` };

  const holders = [...queues.map(holderOf), ...cohortsOf(queues, cohorts)];
  const quota = new QueueQuota(holderOf(queue), holders);
  const uncovered = quota.uncovered(need);
  if (uncovered.length > 0)
    return {
      unseen: `The ClusterQueue ${through} has no quota of ${uncovered.join(' and ')}. It admits the pods only where the configuration of Kueue leaves that out.`,
    };
  const find = (name: string) => flavors.find(({ metadata }) => metadata.name === name);
  const suits = (flavor: string) => mayHave(find(flavor), need) && !isOfOthers(find(flavor), need);
  const most = quota.most(need, suits);
  if (most < wanted.together)
    return { never: `the ClusterQueue ${through} can admit ${most} at most${besides(queue, suits)}` };
  const left = quota.left(need, suits) + wanted.leaving;
  if (left >= wanted.more) {
    const wrong = flavorsOf(queue).filter(flavor => mayHave(find(flavor), need) && isOfOthers(find(flavor), need));
    if (wrong.length === 0) return {};
    return {
      unseen: `The ClusterQueue ${through} may give the pods the flavor ${wrong.join(' or ')}, whose nodes have no ${need.gpu?.name}: there they would wait for ever. Choose the nodes by \`workload.nodeSelector\` too, with a label of the flavor that has them.`,
    };
  }
  const { pendingWorkloads = 0 } = queue.status ?? {};
  const before = pendingWorkloads > 0 ? `, and ${pendingWorkloads} workloads wait there already` : '';
  return { waits: `the ClusterQueue ${through} has quota for ${Math.max(0, left)} more now${before}` };
}

async function served(cluster: Cluster): Promise<string | undefined> {
  for (const apiVersion of apiVersions) if (await cluster.serves(apiVersion, 'LocalQueue')) return apiVersion;
  return undefined;
}

/** Why a queue admits nothing now, as the end of a sentence. */
function stopped({ status }: WithState): string | undefined {
  const active = status?.conditions?.find(({ type }) => type === 'Active');
  return active?.status === 'False'
    ? `admits nothing now: ${(active.message ?? active.reason ?? '').replace(/\.$/, '')}`
    : undefined;
}

/** A queue without a selector takes no namespace. */
function selects({ spec: { namespaceSelector } }: ClusterQueue, labels: Readonly<Record<string, string>>): boolean {
  if (!namespaceSelector) return false;
  const { matchLabels = {}, matchExpressions = [] } = namespaceSelector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(expression => holdsFor(expression, labels))
  );
}

const cohortId = (name: string) => `cohort ${name}`;

function cohortOf({ spec }: ClusterQueue): string | undefined {
  return spec.cohortName || spec.cohort || undefined;
}

function holderOf(queue: ClusterQueue): QuotaHolder {
  const parent = cohortOf(queue);
  const used = (queue.status?.flavorsReservation ?? []).map(
    ({ name, resources = [] }) => [name, new Map(resources.map(one => [one.name, quantity(one.total)]))] as const,
  );
  return {
    id: `queue ${queue.metadata.name}`,
    ...(parent === undefined ? {} : { parent: cohortId(parent) }),
    groups: queue.spec.resourceGroups ?? [],
    used: new Map(used),
  };
}

/** Those that are described, and those that queues name alone. */
function cohortsOf(queues: readonly ClusterQueue[], described: readonly Cohort[]): readonly QuotaHolder[] {
  const names = [...queues.map(cohortOf), ...described.map(({ spec }) => spec?.parentName)];
  return [
    ...names.flatMap(name => (name ? [{ id: cohortId(name), groups: [] }] : [])),
    ...described.map(({ metadata, spec }) => ({
      id: cohortId(metadata.name),
      ...(spec?.parentName ? { parent: cohortId(spec.parentName) } : {}),
      groups: spec?.resourceGroups ?? [],
    })),
  ];
}

interface Affinity {
  readonly nodeAffinity: {
    readonly requiredDuringSchedulingIgnoredDuringExecution: {
      readonly nodeSelectorTerms: readonly { readonly matchExpressions: readonly LabelExpression[] }[];
    };
  };
}

/**
 * Whether Kueue lets pods have a flavor, as it decides itself (pkg/scheduler/flavorassigner/flavorassigner.go): of what they ask of nodes it looks only
 * at labels that the flavor has, and at none where an alternative asks for other labels. A flavor that is missing makes its queue inactive.
 */
function mayHave(flavor: Flavor | undefined, need: PodNeed): boolean {
  if (!flavor) return false;
  const { nodeLabels = {}, nodeTaints = [], tolerations = [] } = flavor.spec ?? {};
  if (keepingOff({ taints: nodeTaints }, { tolerations: [...need.tolerations, ...tolerations] })) return false;
  const selected = Object.entries(need.nodeSelector).filter(([key]) => key in nodeLabels);
  if (selected.some(([key, value]) => nodeLabels[key] !== value)) return false;
  if (!need.gpu) return true;
  const { nodeAffinity } = gpuAffinity(need.gpu) as unknown as Affinity;
  return nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.some(({ matchExpressions }) =>
    matchExpressions.filter(({ key }) => key in nodeLabels).every(expression => holdsFor(expression, nodeLabels)),
  );
}

/** Whether the labels of a flavor name the GPUs of another class. */
function isOfOthers(flavor: Flavor | undefined, { gpu }: PodNeed): boolean {
  if (!gpu) return false;
  const named = nodeGpus(flavor?.spec?.nodeLabels ?? {}, gpu.resource).class;
  return named !== undefined && named !== (gpu.mig?.of ?? gpu.name);
}

/** Which flavors the pods cannot use. */
function besides(queue: ClusterQueue, suits: (flavor: string) => boolean): string {
  const unfit = flavorsOf(queue).filter(name => !suits(name));
  return unfit.length > 0 ? ` (not from ${unfit.join(', ')}, whose nodes are others)` : '';
}

function flavorsOf({ spec }: ClusterQueue): readonly string[] {
  return [...new Set((spec.resourceGroups ?? []).flatMap(({ flavors }) => flavors.map(({ name }) => name)))];
}
