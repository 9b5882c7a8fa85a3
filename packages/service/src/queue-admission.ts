import { gpuNodeTerms } from './gpu-nodes.ts';
import { holdsFor, type LabelExpression } from './label-selector.ts';
import { nodeGpus } from './node-gpus.ts';
import { keepingOff, quantity, type Taint, type Toleration } from './node-room.ts';
import type { PodNeed } from './pod-need.ts';
import { QueueQuota, type QuotaHolder, type ResourceGroup } from './queue-quota.ts';
import { type Reason, reasonOf } from './reasons/delivery-reason.ts';

type Labels = Readonly<Record<string, string>>;

interface Named {
  readonly metadata: { readonly name: string };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** The parts of Kueue's objects that decide whether pods are admitted, as its API has them. v1beta1 differs in the name of a queue's cohort. */
export interface LocalQueue extends Named {
  readonly spec: { readonly clusterQueue?: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface ClusterQueue extends Named {
  readonly spec: {
    readonly resourceGroups?: readonly ResourceGroup[];
    readonly cohortName?: string;
    /** Of v1beta1. */
    readonly cohort?: string;
    readonly namespaceSelector?: {
      readonly matchLabels?: Labels;
      readonly matchExpressions?: readonly LabelExpression[];
    } | null;
  };
  readonly status?: LocalQueue['status'] & {
    readonly flavorsReservation?: readonly {
      readonly name: string;
      readonly resources?: readonly { readonly name: string; readonly total?: string | number }[];
    }[];
    readonly pendingWorkloads?: number;
  };
}

export interface Cohort extends Named {
  readonly spec?: { readonly parentName?: string; readonly resourceGroups?: readonly ResourceGroup[] };
}

export interface ResourceFlavor extends Named {
  readonly spec?: {
    readonly nodeLabels?: Labels;
    readonly nodeTaints?: readonly Taint[];
    readonly tolerations?: readonly Toleration[];
  };
}

/** A LocalQueue with all that its quota depends on. */
export interface QueueState {
  readonly namespace: string;
  readonly local: LocalQueue;
  /** Of the namespace; undefined where the login may not read them. */
  readonly labels: Labels | undefined;
  readonly queues: readonly ClusterQueue[];
  readonly cohorts: readonly Cohort[];
  readonly flavors: readonly ResourceFlavor[];
}

/** Pods of a service. */
export interface Wanted {
  /** At a time, those that serve included. */
  readonly together: number;
  /** Of those the ones that are not there yet. */
  readonly more: number;
  /** Pods that go first. */
  readonly leaving: number;
}

/** What a queue says of pods. Nothing of it: it admits them. */
export interface QueueAdmission {
  /** Why they are never admitted, as a part of a sentence. */
  readonly never?: Reason;
  /** Why they wait now, as a part of a sentence. */
  readonly waits?: Reason;
  /** Why nobody knows, as sentences of their own. */
  readonly unseen?: Reason;
}

/** Whether a LocalQueue admits pods: at all, and now. */
export function queueAdmission(state: QueueState, need: PodNeed, wanted: Wanted): QueueAdmission {
  const { namespace, local, queues, cohorts, flavors } = state;
  const { name } = local.metadata;
  const through = local.spec.clusterQueue ?? '';
  const queue = queues.find(({ metadata }) => metadata.name === through);
  if (!queue) return { never: reasonOf('queue.leadsNowhere', { queue: through, name }) };
  const takes = takesNamespace(queue, state);
  if (takes === false) return { never: reasonOf('queue.otherNamespaces', { queue: through, namespace }) };
  const stopped = stoppedQueue('ClusterQueue', queue) ?? stoppedQueue('LocalQueue', local);
  if (stopped) return { waits: stopped };

  const quota = new QueueQuota(holderOf(queue), [...queues.map(holderOf), ...cohortsOf(queues, cohorts)]);
  const uncovered = quota.uncovered(need);
  if (uncovered.length > 0)
    return { unseen: reasonOf('queue.uncovered', { queue: through, resources: uncovered.join(', ') }) };
  const find = (flavor: string) => flavors.find(({ metadata }) => metadata.name === flavor);
  const all = flavorsOf(queue);
  const given = all.filter(flavor => mayHave(find(flavor), need, labelKeys(queue, flavor, find)));
  const suiting = new Set(given.filter(flavor => !isOfOthers(find(flavor), need)));
  const most = quota.pods('ever', need, suiting);
  if (most < wanted.together) {
    const resources = quota.lacking('ever', need, suiting, wanted.together).join(', ');
    const never = reasonOf('queue.never', { queue: through, most, resources });
    const unfit = all.filter(flavor => !suiting.has(flavor));
    if (unfit.length === 0) return { never };
    return { never: reasonOf('queue.neverFrom', { never, flavors: unfit.join(', ') }) };
  }
  const left = quota.pods('now', need, suiting) + wanted.leaving;
  if (left < wanted.more) {
    const resources = quota.lacking('now', need, suiting, wanted.more - wanted.leaving).join(', ');
    const waits = reasonOf('queue.waits', { queue: through, left: Math.max(0, left), resources });
    const { pendingWorkloads: before = 0 } = queue.status ?? {};
    return { waits: before > 0 ? reasonOf('queue.waitsBehind', { waits, before }) : waits };
  }
  const wrong = given.filter(flavor => !suiting.has(flavor));
  if (need.gpu && wrong.length > 0)
    return {
      unseen: reasonOf('queue.wrongFlavor', { queue: through, flavors: wrong.join(', '), gpu: need.gpu.name }),
    };
  return takes ? {} : { unseen: reasonOf('queue.namespaceUnseen', { queue: through, namespace }) };
}

/** Why a queue admits nothing now. */
export function stoppedQueue(
  kind: 'ClusterQueue' | 'LocalQueue',
  { metadata: { name }, status }: LocalQueue | ClusterQueue,
): Reason | undefined {
  const active = status?.conditions?.find(({ type }) => type === 'Active');
  if (active?.status !== 'False') return undefined;
  const words = (active.message ?? active.reason ?? '').replace(/\.$/, '');
  return reasonOf('queue.stopped', { kind, name, words });
}

/**
 * Whether a queue takes pods of the namespace; one without a selector takes none. Undefined where that depends on labels that are not known:
 * every namespace has its name as one (https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name).
 */
function takesNamespace(
  { spec: { namespaceSelector } }: ClusterQueue,
  { namespace, labels }: QueueState,
): boolean | undefined {
  if (!namespaceSelector) return false;
  const { matchLabels = {}, matchExpressions = [] } = namespaceSelector;
  const own = { 'kubernetes.io/metadata.name': namespace };
  const conditions = [
    ...Object.entries(matchLabels).map(([key, value]) => ({ key, operator: 'In', values: [value] })),
    ...matchExpressions,
  ];
  const known = conditions.filter(({ key }) => labels !== undefined || key in own);
  if (!known.every(one => holdsFor(one, { ...own, ...labels }))) return false;
  return known.length === conditions.length ? true : undefined;
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

/**
 * Whether Kueue lets pods have a flavor, as it decides itself (pkg/scheduler/flavorassigner/flavorassigner.go): of what they ask of nodes it looks only
 * at some labels, and at none where an alternative asks for others alone. A flavor that is missing makes its queue inactive.
 * @param keys of the labels that it looks at
 */
function mayHave(flavor: ResourceFlavor | undefined, need: PodNeed, keys: ReadonlySet<string>): boolean {
  if (!flavor) return false;
  const { nodeLabels = {}, nodeTaints = [], tolerations = [] } = flavor.spec ?? {};
  if (keepingOff({ taints: nodeTaints }, { tolerations: [...need.tolerations, ...tolerations] })) return false;
  const selected = Object.entries(need.nodeSelector).filter(([key]) => keys.has(key));
  if (selected.some(([key, value]) => nodeLabels[key] !== value)) return false;
  if (!need.gpu) return true;
  return gpuNodeTerms(need.gpu).some(term =>
    term.filter(({ key }) => keys.has(key)).every(expression => holdsFor(expression, nodeLabels)),
  );
}

/** Keys of the labels by which Kueue chooses among the flavors of a group of resources: a flavor without one that the pods ask for is not theirs. */
function labelKeys(
  { spec }: ClusterQueue,
  flavor: string,
  find: (flavor: string) => ResourceFlavor | undefined,
): ReadonlySet<string> {
  const group = spec.resourceGroups?.find(({ flavors }) => flavors.some(({ name }) => name === flavor));
  return new Set(group?.flavors.flatMap(({ name }) => Object.keys(find(name)?.spec?.nodeLabels ?? {})));
}

/** Whether the labels of a flavor name the GPUs of another class. */
function isOfOthers(flavor: ResourceFlavor | undefined, { gpu }: PodNeed): boolean {
  if (!gpu) return false;
  const named = nodeGpus(flavor?.spec?.nodeLabels ?? {}, gpu.resource).class;
  return named !== undefined && named !== (gpu.mig?.of ?? gpu.name);
}

function flavorsOf({ spec }: ClusterQueue): readonly string[] {
  return [...new Set((spec.resourceGroups ?? []).flatMap(({ flavors }) => flavors.map(({ name }) => name)))];
}
