import { quantity, type ReplicaNeed } from './node-room.ts';

/** What a pod asks for, and how many pods are admitted at once. */
export interface QueuedNeed extends ReplicaNeed {
  /** Pods of a group: of its first one and of all others together Kueue asks for one flavor each. */
  readonly nodes: number;
}

/** Quotas as a ClusterQueue or a Cohort of Kueue has them in its specification. */
export interface ResourceGroup {
  readonly coveredResources: readonly string[];
  readonly flavors: readonly {
    readonly name: string;
    readonly resources: readonly {
      readonly name: string;
      readonly nominalQuota: string | number;
      readonly borrowingLimit?: string | number;
      readonly lendingLimit?: string | number;
    }[];
  }[];
}

/** A ClusterQueue or a Cohort. */
export interface QuotaHolder {
  /** Unique among its siblings: queues and cohorts may have the same name. */
  readonly id: string;
  /** The id of the Cohort that it borrows from and lends to. */
  readonly parent?: string;
  readonly groups: readonly ResourceGroup[];
  /** Flavor → resource → what is reserved; of a queue alone, a Cohort has what its queues have. */
  readonly used?: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** All that there ever is, when nobody else uses the cohort, or what is left now. */
export type QuotaTime = 'ever' | 'now';

/**
 * How many pods of a need a queue holds: all that it could ever have, when nobody else uses the cohort, and how many more now. What is preempted
 * for them is not counted. As Kueue counts: github.com/kubernetes-sigs/kueue, pkg/cache/scheduler/resource_node.go.
 */
export class QueueQuota {
  readonly #holders: ReadonlyMap<string, QuotaHolder>;
  readonly #queue: QuotaHolder;

  /** @param holders all queues and cohorts of the cluster, or those of the queue's own cohorts */
  constructor(queue: QuotaHolder, holders: readonly QuotaHolder[]) {
    this.#queue = queue;
    this.#holders = new Map([...holders, queue].map(one => [one.id, one]));
  }

  /** Resources of the need that no quota covers. A pod itself is counted only where a quota covers pods. */
  uncovered({ resources }: ReplicaNeed): readonly string[] {
    const covered = new Set(this.#queue.groups.flatMap(({ coveredResources }) => coveredResources));
    return [...resources].flatMap(([name, amount]) =>
      amount > 0 && name !== 'pods' && !covered.has(name) ? [name] : [],
    );
  }

  /** @param suiting flavors to which the pods may come */
  pods(time: QuotaTime, need: QueuedNeed, suiting: ReadonlySet<string>): number {
    return Math.min(Infinity, ...this.#groups(time, need, suiting).map(({ pods }) => pods));
  }

  /** The resources of which it has too little for so many pods. */
  lacking(time: QuotaTime, need: QueuedNeed, suiting: ReadonlySet<string>, wanted: number): readonly string[] {
    return this.#groups(time, need, suiting)
      .filter(({ pods }) => pods < wanted)
      .flatMap(({ asked }) => {
        const scarce = asked.filter(({ pods }) => pods < wanted);
        // each may suffice in the flavors together, and no flavor has all of them
        return (scarce.length > 0 ? scarce : asked).map(({ resource }) => resource);
      });
  }

  /** A pod has one flavor of each group of resources. */
  #groups(time: QuotaTime, { resources, nodes }: QueuedNeed, suiting: ReadonlySet<string>) {
    return this.#queue.groups.flatMap(({ coveredResources, flavors }) => {
      const needs = [...resources].filter(([name, need]) => need > 0 && coveredResources.includes(name));
      if (needs.length === 0) return [];
      const names = flavors.map(({ name }) => name).filter(name => suiting.has(name));
      const inFlavor = (flavor: string, [resource, need]: readonly [string, number]): number =>
        Math.max(0, Math.floor(this.#amount(time, flavor, resource) / need));
      const podsIn = (pods: (flavor: string) => number) => podsInGroups(names.map(pods), nodes);
      return [
        {
          pods: podsIn(flavor => Math.min(...needs.map(need => inFlavor(flavor, need)))),
          asked: needs.map(need => ({ resource: need[0], pods: podsIn(flavor => inFlavor(flavor, need)) })),
        },
      ];
    });
  }

  #amount(time: QuotaTime, flavor: string, resource: string): number {
    return time === 'ever'
      ? this.#potential(this.#queue, flavor, resource)
      : this.#available(this.#queue, flavor, resource);
  }

  #potential(holder: QuotaHolder, flavor: string, resource: string): number {
    const parent = this.#parent(holder);
    const all = this.#subtree(holder, flavor, resource);
    if (!parent) return all;
    const { borrowing } = quotaOf(holder, flavor, resource);
    const reachable = this.#own(holder, flavor, resource) + this.#potential(parent, flavor, resource);
    return Math.min(all + borrowing, reachable);
  }

  #available(holder: QuotaHolder, flavor: string, resource: string): number {
    const parent = this.#parent(holder);
    const all = this.#subtree(holder, flavor, resource);
    const used = this.#used(holder, flavor, resource);
    if (!parent) return all - used;
    const own = this.#own(holder, flavor, resource);
    const { borrowing } = quotaOf(holder, flavor, resource);
    const atParent = this.#available(parent, flavor, resource);
    return Math.max(0, own - used) + Math.min(all - own - Math.max(0, used - own) + borrowing, atParent);
  }

  /** Its own quota with what its children lend. */
  #subtree(holder: QuotaHolder, flavor: string, resource: string): number {
    return this.#children(holder).reduce(
      (sum, child) => sum + this.#subtree(child, flavor, resource) - this.#own(child, flavor, resource),
      quotaOf(holder, flavor, resource).nominal,
    );
  }

  /** The part that it lends to nobody. */
  #own(holder: QuotaHolder, flavor: string, resource: string): number {
    return Math.max(0, this.#subtree(holder, flavor, resource) - quotaOf(holder, flavor, resource).lending);
  }

  #used(holder: QuotaHolder, flavor: string, resource: string): number {
    return this.#children(holder).reduce(
      (sum, child) => sum + Math.max(0, this.#used(child, flavor, resource) - this.#own(child, flavor, resource)),
      holder.used?.get(flavor)?.get(resource) ?? 0,
    );
  }

  #parent(holder: QuotaHolder): QuotaHolder | undefined {
    return this.#holders.get(holder.parent ?? '');
  }

  #children(holder: QuotaHolder): readonly QuotaHolder[] {
    return [...this.#holders.values()].filter(({ parent }) => parent === holder.id);
  }
}

/**
 * Pods of whole groups for which flavors have room. pkg/controller/jobs/leaderworkerset makes a set of the leader and one of the workers, and a set
 * has one flavor.
 * @param room pods that each flavor takes
 */
function podsInGroups(room: readonly number[], nodes: number): number {
  const sum = (counts: readonly number[]) => counts.reduce((before, count) => before + count, 0);
  const workers = nodes - 1;
  if (workers < 1) return sum(room);
  const groups = sum(room.map(pods => Math.floor(pods / workers)));
  return nodes * Math.min(groups, Math.floor(sum(room) / nodes));
}

/** What is limited by nothing is infinite. */
function quotaOf({ groups }: QuotaHolder, flavor: string, resource: string) {
  const found = groups
    .flatMap(({ flavors }) => flavors.filter(({ name }) => name === flavor))
    .flatMap(({ resources }) => resources)
    .find(({ name }) => name === resource);
  const limit = (value: string | number | undefined) => (value === undefined ? Infinity : quantity(value));
  return {
    nominal: quantity(found?.nominalQuota),
    borrowing: limit(found?.borrowingLimit),
    lending: limit(found?.lendingLimit),
  };
}
