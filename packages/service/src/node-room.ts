/** The parts of Kubernetes objects that decide whether a pod has room; plain JSON as the API server gives it. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

interface Asking {
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

interface Container extends Asking {
  readonly restartPolicy?: string;
}

/** The part of a pod's specification that says what it holds: its own resources take the place of the sum of its containers'. */
export interface PodContainers extends Asking {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  /** What its RuntimeClass adds. */
  readonly overhead?: Readonly<Record<string, string>>;
}

/** What a node has left, by resource: CPU in cores, memory in bytes, devices by count. */
export interface NodeRoom {
  /** False for a node that is cordoned or not ready. */
  readonly usable: boolean;
  readonly taints: readonly Taint[];
  left(resource: string): number;
}

/** The part of a Node that says whether new pods may come to it. */
export interface NodeState {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** What one replica asks for, by resource, and the taints that it tolerates. */
export interface ReplicaNeed {
  readonly resources: ReadonlyMap<string, number>;
  readonly tolerations: readonly Toleration[];
}

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity as Kubernetes writes it (`500m`, `16Gi`, `1e3`); what is none counts as 0. */
export function quantity(text: string | number | undefined): number {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([numk]|[MGTPE]i?|Ki)?$/.exec(String(text ?? ''));
  return match ? Number(match[1]) * (factors[match[2] ?? ''] ?? 1) : 0;
}

/**
 * What a pod holds on its node, by the scheduler's rule: its containers together with its sidecars, or more if an init container
 * (which runs alone with the sidecars started before it) asks for more.
 * @param wanted the resources to count
 */
export function podRequests(
  { containers = [], initContainers = [], resources, overhead = {} }: PodContainers,
  wanted: (resource: string) => boolean,
): Map<string, number> {
  const whole = asked({ resources });
  const names = [...containers, ...initContainers, { resources }].flatMap(one => Object.keys(asked(one)));
  const result = new Map<string, number>();
  for (const resource of new Set([...names, ...Object.keys(overhead)].filter(wanted))) {
    const count = (one: Container): number => quantity(asked(one)[resource]);
    let sidecars = 0;
    let most = 0;
    for (const one of initContainers) {
      most = Math.max(most, sidecars + count(one));
      if (one.restartPolicy === 'Always') sidecars += count(one);
    }
    const sum = Math.max(
      most,
      containers.reduce((before, one) => before + count(one), sidecars),
    );
    const needed = quantity(overhead[resource]) + (resource in whole ? quantity(whole[resource]) : sum);
    if (needed > 0) result.set(resource, needed);
  }
  return result;
}

/** A limit without a request is the request. */
function asked({ resources }: Asking): Readonly<Record<string, string>> {
  return { ...resources?.limits, ...resources?.requests };
}

/** Whether new pods may come to a node: it is ready and not cordoned. */
export function takesPods({ spec, status }: NodeState): boolean {
  const ready = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  return ready === true && spec?.unschedulable !== true;
}

/** A taint that keeps a replica off a node. */
export function keepingOff(
  { taints }: Pick<NodeRoom, 'taints'>,
  { tolerations }: Pick<ReplicaNeed, 'tolerations'>,
): Taint | undefined {
  return taints.find(taint => taint.effect !== 'PreferNoSchedule' && !tolerations.some(one => tolerates(one, taint)));
}

/** Replicas that a node takes now. */
export function replicasOnNode(room: NodeRoom, need: ReplicaNeed): number {
  if (!room.usable || keepingOff(room, need)) return 0;
  return replicasWithin(need.resources, resource => room.left(resource));
}

/** Replicas that a ResourceQuota still allows; what it does not limit is free. */
export function replicasInQuota(
  quota: { readonly hard: Readonly<Record<string, string>>; readonly used: Readonly<Record<string, string>> },
  { resources }: ReplicaNeed,
): number {
  const left = (name: string): number => quantity(quota.hard[name]) - quantity(quota.used[name]);
  const pods = Math.min(Infinity, ...['pods', 'count/pods'].filter(name => quota.hard[name] !== undefined).map(left));
  const allowed = replicasWithin(resources, resource => {
    // the pods have their memory as a limit too
    const limits = resource === 'memory' ? ['limits.memory'] : [];
    const names = [`requests.${resource}`, resource, ...limits].filter(name => quota.hard[name] !== undefined);
    return Math.min(Infinity, ...names.map(left));
  });
  return Math.max(0, Math.min(allowed, Math.floor(pods)));
}

function replicasWithin(resources: ReadonlyMap<string, number>, left: (resource: string) => number): number {
  const counts = [...resources].map(([resource, need]) => (need > 0 ? Math.floor(left(resource) / need) : Infinity));
  return Math.max(0, Math.min(...counts));
}

function tolerates({ key, operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== '' && effect !== taint.effect) return false;
  if (key === undefined || key === '') return operator === 'Exists';
  return key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''));
}
