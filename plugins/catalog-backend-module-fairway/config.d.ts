import type { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';

export interface Config {
  fairway?: {
    catalog?: {
      /** How often services are read from the backend and the clusters; a delivery is read at once. Default: every 30 seconds. */
      schedule?: SchedulerServiceTaskScheduleDefinitionConfig;
      /**
       * Owner of services that run in a cluster and were never delivered through this portal, as an entity reference.
       * Default: group:default/unknown.
       */
      unknownOwner?: string;
    };
  };
}
