import { coreServices, createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { backstageFeature } from '../backstage-feature.ts';

/** Where notifications go beside the portal itself: what is configured below `notifications.processors`. The SDKs of the rest are not loaded. */
export default createBackendFeatureLoader({
  deps: { config: coreServices.rootConfig },
  async *loader({ config }) {
    if (config.has('notifications.processors.email')) {
      yield backstageFeature(import('@backstage/plugin-notifications-backend-module-email'));
    }
    if (config.has('notifications.processors.slack')) {
      yield backstageFeature(import('@backstage/plugin-notifications-backend-module-slack'));
    }
  },
});
