import { coreServices, createBackendModule } from '@backstage/backend-plugin-api';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { PortalPolicy } from './portal-policy.ts';

/** Who may do what, by `fairway.permissions` of the configuration. */
export default createBackendModule({
  pluginId: 'permission',
  moduleId: 'fairway-policy',
  register({ registerInit }) {
    registerInit({
      deps: { policy: policyExtensionPoint, config: coreServices.rootConfig },
      async init({ policy, config }) {
        const permissions = config.getConfig('fairway.permissions');
        policy.setPolicy(
          new PortalPolicy({
            readers: permissions.getStringArray('readers'),
            operators: permissions.getStringArray('operators'),
            owners: permissions.getOptionalStringArray('owners') ?? [],
          }),
        );
      },
    });
  },
});
