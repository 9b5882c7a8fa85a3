import type { AuditorService, UserInfoService } from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  type Comparison,
  type DeploymentView,
  fairwayAlertUpdatePermission,
  fairwayDeliveryStartPermission,
  fairwayReleasePausePermission,
  fairwayReleasePromotePermission,
  fairwayReleaseRollbackPermission,
  fairwayServiceRemovePermission,
  fairwayServiceTryPermission,
  matchesService,
} from '@fairway/backstage-plugin-fairway-common';
import type { ReleaseRequest } from '@fairway/clients/kubernetes/index';
import { reasonOf } from '@fairway/service/reasons/reason';
import type { Request } from 'express';
import type { Knex } from 'knex';
import type { Caller } from './access/caller.ts';
import { notAllowed, resourceOfAlert, type Scope, type ServicePermission } from './access/scope.ts';
import {
  requireSeen,
  requireSeenQuota,
  seenCapacity,
  seenDeployments,
  seenFleet,
  seenQueues,
  seenTeams,
} from './access/seen.ts';
import type { AlertId, AlertViews } from './alert-views.ts';
import { audited } from './audited.ts';
import type { ClusterViews } from './cluster-views.ts';
import type { PriceTable } from '@fairway/clients/ledger/price-table';
import type { CapacityTrends } from './cluster/capacity-trend.ts';
import { simulatedFleet } from './cluster/simulated-fleet.ts';
import { teamCapacity } from './cluster/team-capacity.ts';
import { type DeliveryStore, unknownDelivery } from './deliveries/delivery-store.ts';
import type { RunAgain } from './deliveries/run-again.ts';
import { servingVersions } from './deliveries/production.ts';
import { lastServiceFile } from './deliveries/last-described.ts';
import type { ServiceSummaries } from './deliveries/service-summaries.ts';
import type { StoredServices } from './deliveries/stored-services.ts';
import type { IndicatorViews } from './indicators/indicator-views.ts';
import { readHome } from './home/read-home.ts';
import type { LogViews } from './log-views.ts';
import type { AskedModels } from './models/asked-models.ts';
import { removeService } from './presence/removal.ts';
import { trySummary } from './tries/try-service.ts';
import { codedError } from './http/coded-error.ts';
import type { Call, Handlers } from './http/mount.ts';
import type { UsageViews } from './usage/usage-views.ts';
import { askRunningRelease } from './releases/release-requests.ts';
import type { Rollbacks } from './releases/rollbacks.ts';

export interface HandlerServices {
  readonly database: Knex;
  readonly store: DeliveryStore;
  readonly stored: StoredServices;
  readonly summaries: ServiceSummaries;
  readonly clusters: ClusterViews;
  readonly alerts: AlertViews;
  readonly logs: LogViews;
  readonly indicators: IndicatorViews;
  readonly usage: UsageViews;
  readonly trends: CapacityTrends;
  readonly prices: PriceTable | undefined;
  readonly rollbacks: Rollbacks;
  readonly runAgain: RunAgain;
  readonly models: AskedModels;
  readonly auditor: AuditorService;
  readonly userInfo: UserInfoService;
  /** Records of the configuration, newest first. */
  readonly comparisons: readonly Comparison[];
  readonly ingest: Handlers['ingest'];
}

/** What the operations of the API do. */
export function createHandlers(services: HandlerServices): Handlers {
  const { database, store, stored, summaries, clusters, alerts, logs, indicators, rollbacks, models, auditor, ingest } =
    services;
  const askOf = async (
    asked: ReleaseRequest,
    permission: ServicePermission,
    { parameters: { cluster, namespace, service }, body: { candidate }, caller, request, scope }: Call<'pauseRelease'>,
  ) => {
    const by = userOf(caller);
    const place = { cluster, namespace, service };
    const meta = { ...place, candidate };
    return audited(auditor, { eventId: `release-${asked}`, request, caller, meta }, async () => {
      requireAllowed(scope, permission, place);
      return askRunningRelease(clusters, place, { request: asked, candidate, by, signal: goneSignal(request) });
    });
  };
  return {
    home: async ({ caller, seen }) => {
      // a service owns nothing
      const owners =
        caller.kind === 'user' ? (await services.userInfo.getUserInfo(caller.credentials)).ownershipEntityRefs : [];
      return readHome(services, owners, seen);
    },
    services: async ({ query, seen }) => {
      const all = await summaries.list(
        clusters.deployments().items,
        ({ described: { namespace, service } }) => seen.all || seen.may({ namespace, service }),
      );
      return { items: all.filter(service => matchesService(service, query)) };
    },
    service: async ({ parameters, seen }) => {
      requireSeen(seen, parameters);
      const found = await summaries.get(clusters.deployments(parameters).items, parameters);
      if (found) return found;
      const name = `${parameters.namespace}/${parameters.service}`;
      throw codedError(NotFoundError, reasonOf('answer.undescribed', { service: name }));
    },
    indicators: async ({ parameters, query, seen }) => {
      requireSeen(seen, parameters);
      const places = clusters.deployments(parameters).items.toSorted((one, other) => serving(other) - serving(one));
      return indicators.read({
        ...parameters,
        ...query,
        clusters: places.map(({ cluster }) => cluster),
        file: await lastServiceFile(database, parameters.namespace, parameters.service),
      });
    },
    usage: async ({ parameters, seen }) => {
      requireSeen(seen, parameters);
      return services.usage.read({
        ...parameters,
        clusters: clusters.deployments(parameters).items.map(({ cluster }) => cluster),
      });
    },
    allUsage: ({ query: { by = 'team', ...filter }, seen }) => services.usage.readAll(by, filter, seen),
    clientUsage: ({ query, scope }) => services.usage.readAll('client', query, scope),
    removeService: ({ parameters: { namespace, service }, body: { cluster }, caller, request, scope }) => {
      const meta = { namespace, service, ...(cluster !== undefined && { cluster }) };
      return audited(auditor, { eventId: 'service-remove', request, caller, meta }, async () => {
        requireAllowed(scope, fairwayServiceRemovePermission, meta);
        return { deliveries: await removeService(database, clusters, meta) };
      });
    },
    tryService: ({ parameters: { namespace, service }, body, caller, request, scope, seen }) => {
      userOf(caller);
      const meta = { namespace, service };
      return audited(auditor, { eventId: 'service-try', request, caller, meta }, async () => {
        requireSeen(seen, meta);
        requireAllowed(scope, fairwayServiceTryPermission, meta);
        const summary = await summaries.get(clusters.deployments(meta).items, meta);
        return trySummary(meta, summary, body, goneSignal(request));
      });
    },
    deliveries: async ({ parameters: { service }, query, seen }) => ({
      items: [...(await store.list(service, { ...query, namespaces: seenNamespaces(seen, service) }))],
    }),
    delivery: async ({ parameters: { id }, seen }) => {
      await requireSeenDelivery(store, id, seen);
      const delivery = await store.get(id);
      return { ...delivery, again: services.runAgain.again(delivery.origin) };
    },
    evidence: async ({ parameters: { id, digest }, seen }) => {
      await requireSeenDelivery(store, id, seen);
      return store.evidence(id, digest);
    },
    deliverAgain: ({ parameters: { id }, caller, request, scope, seen }) => {
      userOf(caller);
      return audited(auditor, { eventId: 'delivery-again', request, caller, meta: { id } }, async () => {
        await requireSeenDelivery(store, id, seen);
        const place = await store.placeOf(id);
        if (!scope.all && !scope.may(place)) throw notAllowed(fairwayDeliveryStartPermission, place);
        const { origin } = await store.get(id);
        await services.runAgain.run(origin);
        return { origin };
      });
    },
    ingest,
    deployments: ({ query, seen }) => seenDeployments(seen, clusters.deployments(query)),
    rollback: ({ parameters: { cluster, namespace, service }, body, caller, request, scope }) => {
      const user = userOf(caller);
      const place = { cluster, namespace, service };
      return audited(
        auditor,
        { eventId: 'release-rollback', request, caller, meta: { ...place, ...body } },
        async () => {
          requireAllowed(scope, fairwayReleaseRollbackPermission, place);
          return rollbacks.run(place, body, user);
        },
      );
    },
    pauseRelease: call => askOf('pause', fairwayReleasePausePermission, call),
    resumeRelease: call => askOf('resume', fairwayReleasePausePermission, call),
    promoteRelease: call => askOf('promote', fairwayReleasePromotePermission, call),
    abortRelease: call => askOf('abort', fairwayReleaseRollbackPermission, call),
    capacity: ({ seen }) => seenCapacity(seen, clusters.capacity()),
    fleet: async ({ query: { simulated, ...asked }, seen }) =>
      simulated ? simulatedFleet(asked) : seenFleet(seen, clusters.fleet(asked, (await stored.read()).owners)),
    capacityTrend: () => services.trends.read(),
    teamCapacity: async ({ seen }) => {
      const { owners } = await stored.read();
      return teamCapacity(seenTeams(seen, clusters, owners), services.prices, new Date());
    },
    queues: ({ seen }) => seenQueues(seen, clusters),
    model: async ({ query: { reference: written } }) => {
      const { reference, facts } = await models.named(written);
      const { format, bytes, license } = facts;
      return { reference, format, bytes, ...(license && { license: license.id }), ...clusters.fitting(facts) };
    },
    fitting: async ({ body: { model } }) => clusters.fitting(await models.facts(model)),
    fit: async ({ body, seen }) => {
      requireSeenQuota(seen, clusters, body);
      return clusters.fit(body, await models.facts(body.model));
    },
    alerts: ({ query, seen }) => alerts.list(query, seen),
    resolvedAlerts: ({ query, seen }) => alerts.resolved(query, seen),
    silence: async ({ parameters: { source, fingerprint }, body, caller, request, scope, seen }) => {
      const user = userOf(caller);
      const meta = { source, fingerprint, minutes: body.minutes, comment: body.comment };
      return audited(auditor, { eventId: 'alert-silence', request, caller, meta }, async () => {
        requireAlert(alerts, meta, scope, seen);
        return alerts.silence({ source, fingerprint }, body, user);
      });
    },
    acknowledge: async ({ parameters: { source, fingerprint }, caller, request, scope, seen }) => {
      const user = userOf(caller);
      const meta = { source, fingerprint };
      return audited(auditor, { eventId: 'alert-acknowledge', request, caller, meta }, async () => {
        requireAlert(alerts, meta, scope, seen);
        return alerts.acknowledge(meta, user);
      });
    },
    logs: ({ parameters: { service }, query, scope }) => {
      if (scope.all) return logs.search(service, query);
      const { namespace } = query;
      if (namespace === undefined) throw codedError(InputError, reasonOf('answer.logsOfAll'));
      requireSeen(scope, { namespace, service });
      return logs.search(service, query, { alone: true });
    },
    comparisons: async () => ({ items: [...services.comparisons] }),
  };
}

/** Versions that get users' requests. */
function serving(deployment: DeploymentView): number {
  return servingVersions(deployment).length;
}

/** @throws NotAllowedError */
function requireAllowed(
  scope: Scope,
  permission: ServicePermission,
  { namespace, service }: { readonly namespace: string; readonly service: string },
): void {
  if (!scope.all && !scope.may({ namespace, service })) throw notAllowed(permission, { namespace, service });
}

/** @throws NotFoundError for one that the caller may not see, as for one that does not fire; NotAllowedError */
function requireAlert(alerts: AlertViews, id: AlertId, scope: Scope, seen: Scope): void {
  if (scope.all) return;
  const resource = resourceOfAlert(alerts.find(id));
  if (scope.may(resource)) return;
  throw seen.may(resource) ? notAllowed(fairwayAlertUpdatePermission, resource) : alerts.unknown(id);
}

/** Of the name, where the caller may see only some. */
function seenNamespaces(seen: Scope, service: string): readonly string[] | undefined {
  if (seen.all) return undefined;
  return seen.owners.namespacesOf(service).filter(namespace => seen.may({ namespace, service }));
}

/** @throws NotFoundError for one that the caller may not see, as for one that does not exist */
async function requireSeenDelivery(store: DeliveryStore, id: string, seen: Scope): Promise<void> {
  if (!seen.all && !seen.may(await store.placeOf(id))) throw unknownDelivery(id);
}

/** Aborts when whoever asked no longer waits. */
function goneSignal(request: Request): AbortSignal {
  const gone = new AbortController();
  request.res?.once('close', () => gone.abort());
  return gone.signal;
}

function userOf(caller: Caller): string {
  if (caller.kind === 'user') return caller.ref;
  throw codedError(NotAllowedError, reasonOf('answer.people'));
}
