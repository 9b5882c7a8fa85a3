import { DatabaseManager } from '@backstage/backend-defaults/database';
import { coreServices, createServiceFactory } from '@backstage/backend-plugin-api';
import { takeTurn } from './take-turn.ts';

/** The databases of the plugins as Backstage makes them, each opened by one replica at a time until the plugin has started there. */
export default createServiceFactory({
  service: coreServices.database,
  deps: {
    config: coreServices.rootConfig,
    lifecycle: coreServices.lifecycle,
    logger: coreServices.logger,
    pluginMetadata: coreServices.pluginMetadata,
    rootLifecycle: coreServices.rootLifecycle,
    rootLogger: coreServices.rootLogger,
  },
  createRootContext: ({ config, rootLifecycle, rootLogger }) =>
    DatabaseManager.fromConfig(config, { rootLifecycle, rootLogger }),
  factory({ pluginMetadata, lifecycle, logger }, manager) {
    const plugin = pluginMetadata.getId();
    const database = manager.forPlugin(plugin, { lifecycle, logger });
    let opened: ReturnType<typeof database.getClient> | undefined;
    return {
      migrations: database.migrations,
      getClient: () =>
        (opened ??= database.getClient().then(async client => {
          await takeTurn(client, plugin, lifecycle);
          return client;
        })),
    };
  },
});
