import type { AuditorService } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import type { Comparison } from '@fairway/backstage-plugin-fairway-common';
import type { Knex } from 'knex';
import type { Caller } from './access/caller.ts';
import type { AlertViews } from './alert-views.ts';
import { audited } from './audited.ts';
import type { ClusterViews } from './cluster-views.ts';
import type { DeliveryStore } from './deliveries/delivery-store.ts';
import { serviceSummaries } from './deliveries/service-summaries.ts';
import { removeService } from './presence/removal.ts';
import type { Handlers } from './http/mount.ts';

export interface HandlerServices {
  readonly database: Knex;
  readonly store: DeliveryStore;
  readonly clusters: ClusterViews;
  readonly alerts: AlertViews;
  readonly auditor: AuditorService;
  /** Records of the configuration, newest first. */
  readonly comparisons: readonly Comparison[];
  readonly ingest: Handlers['ingest'];
}

/** What the operations of the API do. */
export function createHandlers(services: HandlerServices): Handlers {
  const { database, store, clusters, alerts, auditor, ingest } = services;
  return {
    services: async () => ({
      items: [...(await serviceSummaries(database, of => alerts.firing(of), clusters.deployments().items))],
    }),
    removeService: ({ parameters: { namespace, service }, caller, request }) => {
      const meta = { namespace, service };
      return audited(auditor, { eventId: 'service-remove', request, caller, meta }, async () => ({
        deliveries: await removeService(database, clusters, meta),
      }));
    },
    deliveries: async ({ parameters, query }) => ({ items: [...(await store.list(parameters.service, query))] }),
    delivery: ({ parameters }) => store.get(parameters.id),
    evidence: ({ parameters }) => store.evidence(parameters.id, parameters.digest),
    ingest,
    deployments: ({ query }) => clusters.deployments(query),
    capacity: () => clusters.capacity(),
    fit: ({ body }) => clusters.fit(body),
    alerts: ({ query }) => alerts.list(query),
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
    comparisons: async () => ({ items: [...services.comparisons] }),
  };
}

function userOf(caller: Caller): string {
  if (caller.kind === 'user') return caller.ref;
  throw new NotAllowedError('Alerts are silenced and acknowledged by people: sign in to the portal.');
}
