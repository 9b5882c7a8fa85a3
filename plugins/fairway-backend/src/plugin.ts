import { coreServices, createBackendPlugin } from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { fairwayDeliveryIngestPermission } from '@fairway/backstage-plugin-fairway-common';
import Router from 'express-promise-router';
import { Callers } from './access/caller.ts';
import { runServers } from './access/run-servers.ts';
import { Scopes } from './access/scope.ts';
import { configuredSenders } from './access/senders.ts';
import { registerAgentActions } from './agents/agent-actions.ts';
import { Reading } from './agents/reading.ts';
import type { AlertViews, AlertViewsOptions } from './alert-views.ts';
import { knownServices } from './alerts/known-services.ts';
import { createCapacityTrends } from './cluster/capacity-trend.ts';
import { configuredComparisons } from './comparisons/configured-comparisons.ts';
import { ChangeSignals } from './change-signals.ts';
import type { ClusterViews, ClusterViewsOptions } from './cluster-views.ts';
import { openDatabase } from './database.ts';
import { DeliveryStore } from './deliveries/delivery-store.ts';
import { configuredRetention, keepNewest } from './deliveries/keep-newest.ts';
import { ingestHandler } from './deliveries/ingest.ts';
import { configuredRegistries } from './deliveries/record-check.ts';
import { ownerOf } from './deliveries/last-described.ts';
import { RunAgain } from './deliveries/run-again.ts';
import { ServiceSummaries } from './deliveries/service-summaries.ts';
import { StoredServices } from './deliveries/stored-services.ts';
import { createHandlers } from './handlers.ts';
import { createIndicatorViews } from './indicators/indicator-views.ts';
import { createLogViews } from './log-views.ts';
import { mount } from './http/mount.ts';
import { configuredPrices } from './usage/prices.ts';
import { createUsageViews } from './usage/usage-views.ts';
import { configuredModels } from './models/asked-models.ts';
import { openApi } from './http/open-api.ts';
import { ClusterNaming, followPresence } from './presence/presence.ts';
import { type Rollback, rollbackExtensionPoint } from './releases/rollback-extension.ts';
import { Rollbacks } from './releases/rollbacks.ts';
import { configuredRedaction } from './redaction.ts';

/** The parts of the plugin that look at outside systems. */
export interface Views {
  createClusterViews(options: ClusterViewsOptions): ClusterViews | Promise<ClusterViews>;
  createAlertViews(options: AlertViewsOptions): AlertViews | Promise<AlertViews>;
}

/** The backend of Fairway: deliveries, what runs in the clusters, GPU capacity and alerts. */
export const createFairwayPlugin = (views: Views) =>
  createBackendPlugin({
    pluginId: 'fairway',
    register(env) {
      let rollback: Rollback | undefined;
      env.registerExtensionPoint(rollbackExtensionPoint, {
        setRollback(given) {
          if (rollback)
            throw new Error('Two modules of the plugin fairway say how traffic is moved back. Add one of them.');
          rollback = given;
        },
      });
      env.registerInit({
        deps: {
          actionsRegistry: actionsRegistryServiceRef,
          auditor: coreServices.auditor,
          config: coreServices.rootConfig,
          database: coreServices.database,
          discovery: coreServices.discovery,
          events: eventsServiceRef,
          httpAuth: coreServices.httpAuth,
          httpRouter: coreServices.httpRouter,
          lifecycle: coreServices.lifecycle,
          logger: coreServices.logger,
          notifications: notificationService,
          permissions: coreServices.permissions,
          permissionsRegistry: coreServices.permissionsRegistry,
          scheduler: coreServices.scheduler,
          signals: signalsServiceRef,
          userInfo: coreServices.userInfo,
        },
        async init(services) {
          const { config, events, httpAuth, httpRouter, lifecycle, permissions } = services;
          const redaction = configuredRedaction(config);
          const logger = redaction.logger(services.logger);
          const auditor = redaction.auditor(services.auditor);
          const database = await openDatabase(services.database);
          const store = new DeliveryStore(database);
          const stored = new StoredServices(database);
          const scopes = new Scopes(permissions, services.permissionsRegistry, stored);
          services.permissionsRegistry.addPermissions([fairwayDeliveryIngestPermission]);
          const end = new AbortController();
          lifecycle.addShutdownHook(() => end.abort());
          const signals = new ChangeSignals(services.signals, logger);
          lifecycle.addShutdownHook(() => signals.stop());
          await keepNewest(services.scheduler, database, configuredRetention(config));

          const naming = new ClusterNaming(database, logger, () => signals.tell('cluster'));
          const clusters = await views.createClusterViews({
            config,
            logger,
            redaction,
            lifecycle,
            changed: () => {
              signals.tell('cluster');
              void naming.changed();
            },
          });
          naming.watch(clusters);
          await followPresence(services.scheduler, database, clusters);
          const alerts = await views.createAlertViews({
            config,
            logger,
            redaction,
            clusters,
            lifecycle,
            scheduler: services.scheduler,
            notifications: services.notifications,
            database: services.database,
            services: () => knownServices(stored, clusters),
            ownerOf: (service, namespace) => ownerOf(database, service, namespace),
            changed: () => signals.tell('alerts'),
          });

          const router = Router();
          const handlers = createHandlers({
            database,
            store,
            stored,
            summaries: new ServiceSummaries(stored, of => alerts.firing(of)),
            clusters,
            alerts,
            logs: createLogViews({ config, logger, redaction }),
            indicators: createIndicatorViews({ config, logger, redaction }),
            usage: createUsageViews({ config, logger, redaction, lifecycle }),
            prices: configuredPrices(config),
            trends: createCapacityTrends({ config, logger, redaction }),
            runAgain: new RunAgain(config),
            rollbacks: new Rollbacks(clusters, database, rollback),
            auditor,
            userInfo: services.userInfo,
            models: configuredModels(config),
            comparisons: configuredComparisons(config),
            ingest: ingestHandler({
              store,
              auditor,
              events,
              signals,
              logger,
              redaction,
              senders: configuredSenders(config),
              registries: configuredRegistries(config),
              end: end.signal,
            }),
          });
          mount(router, handlers, {
            callers: new Callers(httpAuth, runServers(config)),
            permissions,
            scopes,
            redaction,
          });
          registerAgentActions(services.actionsRegistry, new Reading(handlers, scopes, redaction));
          const description = openApi(await services.discovery.getExternalBaseUrl('fairway'));
          router.get('/openapi.json', (_request, response) => void response.json(description));
          httpRouter.use(router);
          // Tokens of GitHub and GitLab runs are unknown to Backstage. This opens every path below /deliveries to them, and each of its
          // operations finds out for itself who asks, as all others do too.
          httpRouter.addAuthPolicy({ path: '/deliveries', allow: 'unauthenticated' });
        },
      });
    },
  });
