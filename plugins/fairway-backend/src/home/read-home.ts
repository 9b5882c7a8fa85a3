import {
  byNeed,
  byUrgency,
  type Home,
  ownerReference,
  type ServiceSummary,
} from '@fairway/backstage-plugin-fairway-common';
import type { Scope } from '../access/scope.ts';
import { seenCapacity } from '../access/seen.ts';
import type { AlertViews } from '../alert-views.ts';
import type { ClusterViews } from '../cluster-views.ts';
import type { DeliveryStore } from '../deliveries/delivery-store.ts';
import type { ServiceSummaries } from '../deliveries/service-summaries.ts';

/** Lines of a list; the page of its own has all. */
const shown = 10;

interface HomeSources {
  readonly store: DeliveryStore;
  readonly summaries: ServiceSummaries;
  readonly clusters: ClusterViews;
  readonly alerts: AlertViews;
}

/**
 * @param owners the user and their groups as entity references
 * @param seen the services that the user may see
 */
export async function readHome(
  { store, summaries, clusters, alerts }: HomeSources,
  owners: readonly string[],
  seen: Scope,
): Promise<Home> {
  const capacity = seenCapacity(seen, clusters.capacity());
  const [{ sources, unwatched, items }, running, mine] = await Promise.all([
    alerts.list({}, seen),
    store.running(),
    ownServices(summaries, clusters, owners, seen),
  ]);
  const burning = items.filter(({ state }) => state !== 'suppressed').toSorted(byUrgency);
  const waiting = capacity.pools
    .flatMap(({ cluster, class: gpuClass, waiting: pods }) => pods.map(pod => ({ ...pod, cluster, class: gpuClass })))
    .toSorted((one, other) => one.since.localeCompare(other.since));
  const waitingTotal = capacity.pools.reduce((sum, pool) => sum + (pool.waitingTotal ?? pool.waiting.length), 0);
  return {
    clusters: capacity.clusters,
    burning: { ...firstOf(burning), sources, unwatched },
    delivering: firstOf(seen.all ? running : running.filter(delivery => seen.may(delivery))),
    waiting: { ...firstOf(waiting), total: waitingTotal },
    mine: { owners: [...owners], ...firstOf(mine) },
  };
}

function firstOf<Item>(all: readonly Item[]): { items: Item[]; total: number } {
  return { items: all.slice(0, shown), total: all.length };
}

async function ownServices(
  summaries: ServiceSummaries,
  clusters: ClusterViews,
  owners: readonly string[],
  seen: Scope,
): Promise<readonly ServiceSummary[]> {
  if (owners.length === 0) return [];
  const { items } = clusters.deployments();
  const own = new Map<string, boolean>();
  // an owner has several spellings
  const isOwn = (owner: string) => {
    const found = own.get(owner) ?? owners.includes(ownerReference(owner) ?? owner);
    own.set(owner, found);
    return found;
  };
  const found = await summaries.list(
    items,
    ({ described: { owner, namespace, service } }) => isOwn(owner) && seen.may({ namespace, service }),
  );
  return byNeed(found.filter(({ state }) => state !== 'decommissioned'));
}
