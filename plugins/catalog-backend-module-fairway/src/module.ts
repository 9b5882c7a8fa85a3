import {
  coreServices,
  createBackendModule,
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type RootConfigService,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint, catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { InputError } from '@backstage/errors';
import { fairwayEventsTopic, ownerReference } from '@fairway/backstage-plugin-fairway-common';
import { FairwayBackend } from './fairway-backend.ts';
import { FairwayEntityProvider } from './fairway-entity-provider.ts';

/** Puts the services that Fairway delivers into the catalog, and keeps them there as they are. @public */
export const catalogModuleFairway = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'fairway',
  register({ registerInit }) {
    registerInit({
      deps: {
        processing: catalogProcessingExtensionPoint,
        catalog: catalogServiceRef,
        events: eventsServiceRef,
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({ processing, catalog, events, auth, config, discovery, logger, scheduler }) {
        const schedule = config.getOptionalConfig('fairway.catalog.schedule');
        const provider = new FairwayEntityProvider({
          backend: new FairwayBackend({ auth, discovery }),
          auth,
          catalog,
          logger,
          unknownOwner: unknownOwner(config),
          taskRunner: scheduler.createScheduledTaskRunner(
            schedule
              ? readSchedulerServiceTaskScheduleDefinitionFromConfig(schedule)
              : { frequency: { seconds: 30 }, timeout: { minutes: 1 } },
          ),
        });
        processing.addEntityProvider(provider);
        await events.subscribe({
          id: 'fairway-services',
          topics: [fairwayEventsTopic],
          // not waited for: whoever publishes has stored the delivery already
          onEvent: async () => void provider.refresh(),
        });
      },
    });
  },
});

/** @throws InputError when it is no entity reference */
function unknownOwner(config: RootConfigService): string {
  const given = config.getOptionalString('fairway.catalog.unknownOwner') ?? 'group:default/unknown';
  const reference = ownerReference(given);
  if (reference !== undefined) return reference;
  throw new InputError(
    `The configuration fairway.catalog.unknownOwner is "${given}"; it must be an entity reference such as group:default/unknown.`,
  );
}
