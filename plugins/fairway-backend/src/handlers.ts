import type { AuditorService, UserInfoService } from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { type Comparison, type DeploymentView, matchesService } from '@fairway/backstage-plugin-fairway-common';
import type { Knex } from 'knex';
import type { Caller } from './access/caller.ts';
import type { AlertViews } from './alert-views.ts';
import { audited } from './audited.ts';
import type { ClusterViews } from './cluster-views.ts';
import { simulatedFleet } from './cluster/simulated-fleet.ts';
import type { DeliveryStore } from './deliveries/delivery-store.ts';
import { servingVersions } from './deliveries/production.ts';
import { lastServiceFile } from './deliveries/last-described.ts';
import type { ServiceSummaries } from './deliveries/service-summaries.ts';
import type { StoredServices } from './deliveries/stored-services.ts';
import type { IndicatorViews } from './indicators/indicator-views.ts';
import { readHome } from './home/read-home.ts';
import type { LogViews } from './log-views.ts';
import { removeService } from './presence/removal.ts';
import type { Handlers } from './http/mount.ts';
import type { UsageViews } from './usage/usage-views.ts';
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
  readonly rollbacks: Rollbacks;
  readonly auditor: AuditorService;
  readonly userInfo: UserInfoService;
  /** Records of the configuration, newest first. */
  readonly comparisons: readonly Comparison[];
  readonly ingest: Handlers['ingest'];
}

/** What the operations of the API do. */
export function createHandlers(services: HandlerServices): Handlers {
  const { database, store, stored, summaries, clusters, alerts, logs, indicators, rollbacks, auditor, ingest } =
    services;
  return {
    home: async ({ caller }) => {
      // a service owns nothing
      const owners =
        caller.kind === 'user' ? (await services.userInfo.getUserInfo(caller.credentials)).ownershipEntityRefs : [];
      return readHome(services, owners);
    },
    services: async ({ query }) => {
      const all = await summaries.list(clusters.deployments().items);
      return { items: all.filter(service => matchesService(service, query)) };
    },
    service: async ({ parameters }) => {
      const found = await summaries.get(clusters.deployments(parameters).items, parameters);
      if (found) return found;
      throw new NotFoundError(
        `No delivery of ${parameters.namespace}/${parameters.service} has read its fairway.yaml.`,
      );
    },
    indicators: async ({ parameters, query }) => {
      const places = clusters.deployments(parameters).items.toSorted((one, other) => serving(other) - serving(one));
      return indicators.read({
        ...parameters,
        ...query,
        clusters: places.map(({ cluster }) => cluster),
        file: await lastServiceFile(database, parameters.namespace, parameters.service),
      });
    },
    usage: ({ parameters }) =>
      services.usage.read({
        ...parameters,
        clusters: clusters.deployments(parameters).items.map(({ cluster }) => cluster),
      }),
    removeService: ({ parameters: { namespace, service }, body: { cluster }, caller, request }) => {
      const meta = { namespace, service, ...(cluster !== undefined && { cluster }) };
      return audited(auditor, { eventId: 'service-remove', request, caller, meta }, async () => ({
        deliveries: await removeService(database, clusters, meta),
      }));
    },
    deliveries: async ({ parameters, query }) => ({ items: [...(await store.list(parameters.service, query))] }),
    delivery: ({ parameters }) => store.get(parameters.id),
    evidence: ({ parameters }) => store.evidence(parameters.id, parameters.digest),
    ingest,
    deployments: ({ query }) => clusters.deployments(query),
    rollback: ({ parameters: { cluster, namespace, service }, body, caller, request }) => {
      const user = userOf(caller);
      const place = { cluster, namespace, service };
      return audited(auditor, { eventId: 'release-rollback', request, caller, meta: { ...place, ...body } }, () =>
        rollbacks.run(place, body, user),
      );
    },
    capacity: () => clusters.capacity(),
    fleet: async ({ query: { simulated, ...asked } }) =>
      simulated ? simulatedFleet(asked) : clusters.fleet(asked, (await stored.read()).owners),
    fit: ({ body }) => clusters.fit(body),
    alerts: ({ query }) => alerts.list(query),
    resolvedAlerts: ({ query }) => alerts.resolved(query),
    silence: async ({ parameters: { source, fingerprint }, body, caller, request }) => {
      const user = userOf(caller);
      const meta = { source, fingerprint, minutes: body.minutes, comment: body.comment };
      return audited(auditor, { eventId: 'alert-silence', request, caller, meta }, () =>
        alerts.silence({ source, fingerprint }, body, user),
      );
    },
    acknowledge: async ({ parameters: { source, fingerprint }, caller, request }) => {
      const user = userOf(caller);
      const meta = { source, fingerprint };
      return audited(auditor, { eventId: 'alert-acknowledge', request, caller, meta }, () =>
        alerts.acknowledge(meta, user),
      );
    },
    logs: ({ parameters, query }) => logs.search(parameters.service, query),
    comparisons: async () => ({ items: [...services.comparisons] }),
  };
}

/** Versions that get users' requests. */
function serving(deployment: DeploymentView): number {
  return servingVersions(deployment).length;
}

function userOf(caller: Caller): string {
  if (caller.kind === 'user') return caller.ref;
  throw new NotAllowedError('This is done by people, whose name others then see: sign in to the portal.');
}
