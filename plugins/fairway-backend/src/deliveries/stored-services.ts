import { isDeepStrictEqual } from 'node:util';
import type { Knex } from 'knex';
import { clusterNames, type PresenceRow } from '../presence/presence.ts';
import type { DeliveryRow } from './row.ts';
import {
  type Deployed,
  type Described,
  type FromRun,
  type Released,
  type TellingDeliveries,
  type Tested,
  tellingDeliveries,
} from './telling-deliveries.ts';

/** What the database says of a service. It never changes: a service that did has another one. */
export interface StoredService {
  readonly described: Described;
  readonly last: DeliveryRow;
  readonly released?: Released;
  readonly tested?: Tested;
  readonly fromRun?: FromRun;
  /** The last delivery to each cluster. */
  readonly lastThere: readonly Deployed[];
  readonly releasedThere: readonly (Released & Deployed)[];
  readonly seen: readonly PresenceRow[];
}

/** Names over which presence is read whole: a query of so many parameters costs more than its answer. */
const many = 500;

export interface StoredState {
  /** All services of which a delivery got so far as to read fairway.yaml, by namespace/name, in the order of their names. */
  readonly services: ReadonlyMap<string, StoredService>;
  /** UID of a cluster → its name in the portal. The same map for as long as it holds the same. */
  readonly names: ReadonlyMap<string, string>;
  /** By namespace/name who answers for each service, as its newest delivery says. The same map for as long as it holds the same. */
  readonly owners: ReadonlyMap<string, string>;
}

/**
 * What services are drawn from, in memory. Each read asks the database for what changed since the last one, whoever changed it,
 * and reads only that again.
 */
export class StoredServices {
  readonly #database: Knex;
  #state: StoredState | undefined;
  /** Number of the last change that the state holds. */
  #number = 0;
  #running: Promise<StoredState> | undefined;
  #next: Promise<StoredState> | undefined;

  constructor(database: Knex) {
    this.#database = database;
  }

  /** With everything that was committed before this call. */
  read(): Promise<StoredState> {
    // one that has begun may have asked for changes before this call: the next is for all who wait now
    this.#next ??= Promise.allSettled([this.#running]).then(() => {
      this.#next = undefined;
      return (this.#running = this.#refresh());
    });
    return this.#next;
  }

  async #refresh(): Promise<StoredState> {
    const [{ at }] = (await this.#database('service_change_number').select('at')) as [{ at: number | string }];
    // PostgreSQL gives large whole numbers as text
    const number = Number(at);
    if (this.#state && number === this.#number) return this.#state;
    // a database that was restored counts from an earlier number
    const changed = this.#state && number > this.#number ? await this.#changes() : undefined;
    const state = await this.#read(changed);
    this.#number = Math.max(number, ...(changed ?? []).map(({ at: its }) => Number(its)));
    this.#state = state;
    return state;
  }

  #changes(): Promise<{ namespace: string; service: string; at: number | string }[]> {
    return this.#database('service_changes').where('at', '>', this.#number);
  }

  /** @param changed default: all, whether they changed or not */
  async #read(changed: readonly { namespace: string; service: string }[] | undefined): Promise<StoredState> {
    const before = changed && this.#state;
    const only = changed && [...new Set(changed.map(({ service }) => service))];
    const presence = this.#database<PresenceRow>('service_presence').select();
    const [found, seen, names] = await Promise.all([
      tellingDeliveries(this.#database, only),
      only && only.length <= many ? presence.whereIn('service', only) : presence,
      clusterNames(this.#database),
    ]);
    const services = new Map(before?.services);
    let sorted = true;
    for (const [key, service] of servicesOf(found, seen)) {
      sorted &&= services.has(key);
      services.set(key, service);
    }
    for (const { namespace, service } of changed ?? [])
      if (!found.described.has(`${namespace}/${service}`)) services.delete(`${namespace}/${service}`);
    const owners = new Map([...services].map(([key, { described }]) => [key, described.owner]));
    return {
      services: sorted ? services : inOrder(services),
      names: same(this.#state?.names, names),
      owners: same(this.#state?.owners, owners),
    };
  }
}

function servicesOf(
  { described, last, released, tested, fromRun, lastThere, releasedThere }: TellingDeliveries,
  seen: readonly PresenceRow[],
): ReadonlyMap<string, StoredService> {
  const [there, releases, presence] = [
    byService([...lastThere.values()]),
    byService([...releasedThere.values()]),
    byService(seen),
  ];
  return new Map(
    [...described].map(([key, row]) => [
      key,
      {
        described: row,
        last: last.get(key) ?? row,
        released: released.get(key),
        tested: tested.get(key),
        fromRun: fromRun.get(key),
        lastThere: there.get(key) ?? [],
        releasedThere: releases.get(key) ?? [],
        seen: presence.get(key) ?? [],
      },
    ]),
  );
}

function byService<Row extends { readonly namespace: string | null; readonly service: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, Row[]> {
  return Map.groupBy(rows, ({ namespace, service }) => `${namespace}/${service}`);
}

function inOrder(services: ReadonlyMap<string, StoredService>): ReadonlyMap<string, StoredService> {
  const named = [...services].map(entry => {
    const { service, namespace } = entry[1].described;
    return { name: `${service} ${namespace}`, entry };
  });
  return new Map(named.sort((one, other) => (one.name < other.name ? -1 : 1)).map(({ entry }) => entry));
}

function same<Value>(before: Value | undefined, now: Value): Value {
  return isDeepStrictEqual(before, now) ? (before as Value) : now;
}
