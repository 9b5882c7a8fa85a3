import { NotAllowedError, NotFoundError } from '@backstage/errors';
import type { DeploymentView, FitQuestion, Fleet, GpuPool, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { reasonOf } from '@fairway/service/reasons/reason';
import type { ClusterViews } from '../cluster-views.ts';
import type { TeamState } from '../cluster/team-capacity.ts';
import { codedError } from '../http/coded-error.ts';
import type { Scope } from './scope.ts';

/** Whom a pod or a queue belongs to. */
type Placed = Pick<DeploymentView, 'namespace'> & Partial<Pick<DeploymentView, 'service'>>;

const placed =
  (scope: Scope) =>
  ({ namespace, service }: Placed): boolean =>
    scope.may({ namespace, service });

/**
 * Who may not see a service gets the same answer as for one that does not exist.
 * @throws NotFoundError
 */
export function requireSeen(scope: Scope, { namespace, service }: Required<Placed>): void {
  if (!scope.all && !scope.may({ namespace, service }))
    throw codedError(NotFoundError, reasonOf('answer.unseenService', { service: `${namespace}/${service}` }));
}

/** The deployments of the services in the scope. */
export function seenDeployments(scope: Scope, found: ResponseOf<'deployments'>): ResponseOf<'deployments'> {
  return scope.all ? found : { ...found, items: found.items.filter(placed(scope)) };
}

/** Numbers of GPUs stay as they are: who plans needs them. Who waits for them is named for the services in the scope. */
export function seenCapacity(scope: Scope, found: ResponseOf<'capacity'>): ResponseOf<'capacity'> {
  if (scope.all) return found;
  return {
    ...found,
    pools: found.pools.map(pool => seenPool(scope, pool)),
    saturation: found.saturation.filter(placed(scope)),
  };
}

function seenPool(scope: Scope, pool: GpuPool): GpuPool {
  const waiting = pool.waiting.filter(placed(scope));
  const total = pool.waitingTotal ?? pool.waiting.length;
  return { ...pool, waiting, waitingTotal: total > waiting.length ? total : undefined };
}

/** All whom the reader may not see are one holder without a name. */
export function seenFleet(scope: Scope, fleet: Fleet): Fleet {
  if (scope.all) return fleet;
  const holders: Fleet['holders'] = [{ namespace: '' }];
  const places = fleet.holders.map(holder => (placed(scope)(holder) ? holders.push(holder) - 1 : 0));
  const placeOf = (holder: number) => places[holder] ?? 0;
  return {
    ...fleet,
    holders,
    pools: fleet.pools.map(pool => ({
      ...pool,
      byHolder: summed(pool.byHolder.map(sum => ({ ...sum, holder: placeOf(sum.holder) }))),
      nodes: pool.nodes?.map(node => ({
        ...node,
        held: node.held.map(one => {
          const holder = placeOf(one.holder);
          return { ...one, holder, pod: holder === 0 ? '' : one.pod };
        }),
      })),
    })),
  };
}

/**
 * Quotas say what others run, as in `requireSeenQuota`; here they are listed, so a namespace of which the reader sees no service is not.
 * @param owners who answers for a service, by namespace/name
 */
export function seenTeams(scope: Scope, clusters: ClusterViews, owners: ReadonlyMap<string, string>): TeamState {
  const fleet = clusters.fleet({}, owners);
  const quotas = clusters.gpuQuotas();
  if (scope.all) return { fleet, quotas, owners };
  const services = [...owners].filter(([key]) => {
    const [namespace = '', service = ''] = key.split('/');
    return scope.may({ namespace, service });
  });
  const namespaces = new Set([
    ...services.map(([key]) => key.split('/')[0]),
    ...clusters.deployments().items.flatMap(item => (placed(scope)(item) ? item.namespace : [])),
  ]);
  return {
    fleet: seenFleet(scope, fleet),
    quotas: quotas.filter(({ namespace }) => namespaces.has(namespace) || scope.may({ namespace })),
    owners: new Map(services),
  };
}

function summed(sums: Fleet['pools'][number]['byHolder']): Fleet['pools'][number]['byHolder'] {
  const found = new Map<number, { holder: number; count: number; idle: number }>();
  for (const { holder, count, idle } of sums) {
    const sum = found.get(holder) ?? { holder, count: 0, idle: 0 };
    found.set(holder, { holder, count: sum.count + count, idle: sum.idle + idle });
  }
  return [...found.values()].sort((one, other) => other.count - one.count);
}

/** The queues of namespaces whose quotas the reader may see, each with the services in the scope. */
export function seenQueues(scope: Scope, clusters: ClusterViews): ResponseOf<'queues'> {
  const { sources, items } = clusters.queues();
  const known = new Map<string, boolean>();
  const seesQuota = (namespace: string): boolean => {
    const seen = known.get(namespace) ?? maySeeQuota(scope, clusters, namespace);
    known.set(namespace, seen);
    return seen;
  };
  return {
    sources: [...sources],
    items: items
      .filter(({ namespace }) => seesQuota(namespace))
      .map(queue => ({
        ...queue,
        services: queue.services.filter(service => scope.may({ namespace: queue.namespace, service })),
      })),
  };
}

/** @throws NotAllowedError */
export function requireSeenQuota(scope: Scope, clusters: ClusterViews, { namespace, queue }: FitQuestion): void {
  for (const asked of [namespace, queue?.namespace])
    if (asked !== undefined && !maySeeQuota(scope, clusters, asked))
      throw codedError(NotAllowedError, reasonOf('answer.unseenQuotas', { namespace: asked }));
}

/**
 * What is left of a namespace's quota says what others run there, so it is said where the reader sees one of its services, or
 * where there are none yet.
 */
function maySeeQuota(scope: Scope, clusters: ClusterViews, namespace: string): boolean {
  if (scope.all || scope.may({ namespace })) return true;
  const there = [
    ...scope.owners.servicesIn(namespace),
    ...clusters.deployments({ namespace }).items.map(({ service }) => service),
  ];
  return there.length === 0 || there.some(service => scope.may({ namespace, service }));
}
