import type { Fleet, TeamCapacity, TeamNamespace } from '@fairway/backstage-plugin-fairway-common';
import { priceOn } from '@fairway/clients/ledger/index';
import type { GpuPrice, PriceTable } from '@fairway/clients/ledger/price-table';
import type { GpuQuota } from '../cluster-views.ts';

/** What the GPUs of teams are counted from. */
export interface TeamState {
  readonly fleet: Pick<Fleet, 'holders' | 'pools'>;
  readonly quotas: readonly GpuQuota[];
  /** Who answers for a service, by namespace/name. */
  readonly owners: ReadonlyMap<string, string>;
}

type Row = Pick<TeamNamespace, 'cluster' | 'namespace' | 'team'> & {
  readonly quotas: Map<string, GpuQuota>;
  readonly held: Map<string, number>;
  perHour: number;
  unpriced: number;
};

/** Rows by place, and there by team. */
class Rows {
  readonly #places = new Map<string, Map<string | undefined, Row>>();

  at(cluster: string, namespace: string): ReadonlyMap<string | undefined, Row> {
    return this.#places.get(`${cluster} ${namespace}`) ?? new Map<undefined, Row>();
  }

  get(cluster: string, namespace: string, team: string | undefined): Row {
    const known = this.at(cluster, namespace).get(team);
    if (known) return known;
    const row: Row = { cluster, namespace, team, quotas: new Map(), held: new Map(), perHour: 0, unpriced: 0 };
    this.#places.set(`${cluster} ${namespace}`, new Map([...this.at(cluster, namespace), [team, row]]));
    return row;
  }

  get all(): readonly Row[] {
    return [...this.#places.values()].flatMap(teams => [...teams.values()]);
  }
}

/** What each team holds in each namespace, what that costs now, and the quotas of the namespace. */
export function teamCapacity(
  { fleet, quotas, owners }: TeamState,
  prices: PriceTable | undefined,
  now: Date,
): TeamCapacity {
  const rows = new Rows();
  const today = now.toISOString().slice(0, 10);
  for (const { cluster, class: of, part, byHolder } of fleet.pools) {
    const price = gpuPrice(of, part, today, prices?.gpus ?? []);
    for (const { holder, count } of byHolder) {
      const { namespace, owner } = fleet.holders[holder] ?? { namespace: '' };
      // those whom the reader may not see
      if (namespace === '') continue;
      const row = rows.get(cluster, namespace, owner);
      const gpus = count * part;
      row.held.set(of, (row.held.get(of) ?? 0) + gpus);
      if (price) row.perHour += gpus * price.perHour;
      else row.unpriced += gpus;
    }
  }
  const teams = teamsByNamespace(owners);
  for (const quota of quotas) {
    const { cluster, namespace, resource, hard } = quota;
    for (const team of teams.get(namespace) ?? []) rows.get(cluster, namespace, team);
    // a limit of nothing on who has nothing is in every namespace of some clusters
    if (rows.at(cluster, namespace).size === 0 && hard > 0) rows.get(cluster, namespace, undefined);
    for (const row of rows.at(cluster, namespace).values())
      if (hard < (row.quotas.get(resource)?.hard ?? Infinity)) row.quotas.set(resource, quota);
  }
  return {
    ...(prices?.gpus && { currency: prices.currency }),
    items: rows.all.map(row => itemOf(row, prices?.gpus !== undefined)).sort(byName),
  };
}

/** A part of a GPU that has no price of its own costs its part of a whole one: `nvidia-a100-80gb 1g.10gb`, `nvidia-l4-24gb shared`. */
function gpuPrice(of: string, part: number, today: string, prices: readonly GpuPrice[]): GpuPrice | undefined {
  const names = part < 1 ? [of, of.split(' ')[0]] : [of];
  for (const name of names) {
    const price = priceOn(
      today,
      prices.filter(one => one.class === name),
    );
    if (price) return price;
  }
  return undefined;
}

function teamsByNamespace(owners: TeamState['owners']): ReadonlyMap<string, ReadonlySet<string>> {
  const teams = new Map<string, Set<string>>();
  for (const [key, owner] of owners) {
    const namespace = key.slice(0, key.indexOf('/'));
    teams.set(namespace, (teams.get(namespace) ?? new Set()).add(owner));
  }
  return teams;
}

function itemOf({ quotas, held, perHour, unpriced, ...row }: Row, priced: boolean): TeamNamespace {
  return {
    ...row,
    quotas: [...quotas.values()].map(({ resource, hard, used }) => ({ resource, hard, used })),
    held: [...held].map(([of, gpus]) => ({ class: of, gpus: rounded(gpus) })),
    ...(priced && { perHour }),
    ...(priced && unpriced > 0 && { unpriced: rounded(unpriced) }),
  };
}

/** Sevenths of a GPU are not counted to the last bit. */
function rounded(gpus: number): number {
  return Math.round(gpus * 100) / 100;
}

/** Those of no team last. */
function byName(one: TeamNamespace, other: TeamNamespace): number {
  const key = ({ team, cluster, namespace }: TeamNamespace) => [
    team === undefined ? '1' : `0${team}`,
    cluster,
    namespace,
  ];
  return key(one).join('\0').localeCompare(key(other).join('\0'));
}
