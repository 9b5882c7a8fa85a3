import { coreServices, createBackendModule } from '@backstage/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { createDeliverAction } from './deliver-action.ts';
import { createPublishFolderAction } from './publish-folder-action.ts';
import { createValidateAction } from './validate-action.ts';

/** Adds the actions fairway:validate, fairway:publish-folder and fairway:deliver to the scaffolder. @public */
export const scaffolderModuleFairway = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'fairway',
  register({ registerInit }) {
    registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        config: coreServices.rootConfig,
        permissions: coreServices.permissions,
        lifecycle: coreServices.lifecycle,
      },
      async init({ actions, config, permissions, lifecycle }) {
        // a delivery left running by a portal that is gone would hold its folder, with nobody to see it
        const shutdown = new AbortController();
        lifecycle.addShutdownHook(() => shutdown.abort());
        actions.addActions(
          createValidateAction(),
          createPublishFolderAction({ config }),
          createDeliverAction({ config, permissions, shutdown: shutdown.signal }),
        );
      },
    });
  },
});
