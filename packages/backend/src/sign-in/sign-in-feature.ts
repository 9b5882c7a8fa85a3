import { coreServices, createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { backstageFeature } from '../backstage-feature.ts';
import { requireLoopback } from './require-loopback.ts';

/** The modules of the ways to sign in that are configured below `auth.providers`. */
export default createBackendFeatureLoader({
  deps: { config: coreServices.rootConfig },
  async *loader({ config }) {
    if (config.has('auth.providers.github')) {
      yield backstageFeature(import('@backstage/plugin-auth-backend-module-github-provider'));
    }
    if (config.has('auth.providers.guest')) {
      requireLoopback(config);
      yield backstageFeature(import('@backstage/plugin-auth-backend-module-guest-provider'));
    }
  },
});
