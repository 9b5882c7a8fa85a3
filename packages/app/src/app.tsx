import { createApp } from '@backstage/frontend-defaults';
import appModuleUserSettings from '@backstage/plugin-app-module-user-settings';
import authPlugin from '@backstage/plugin-auth';
import catalogGraphPlugin from '@backstage/plugin-catalog-graph/alpha';
import notificationsPlugin from '@backstage/plugin-notifications/alpha';
import orgPlugin from '@backstage/plugin-org/alpha';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import searchPlugin from '@backstage/plugin-search/alpha';
import signalsPlugin from '@backstage/plugin-signals/alpha';
import userSettingsPlugin from '@backstage/plugin-user-settings/alpha';
import fairwayPlugin from '@fairway/backstage-plugin-fairway';
import { navigationModule } from './navigation/module.ts';
import { signInModule } from './sign-in/module.tsx';
import { translatedCatalogPlugin } from './translation/catalog-plugin.ts';
import { translationModule } from './translation/module.tsx';

/** Every feature is named: what is installed for another reason does not appear by itself. */
export const app = createApp({
  features: [
    ...[
      authPlugin,
      translatedCatalogPlugin,
      catalogGraphPlugin,
      notificationsPlugin,
      orgPlugin,
      scaffolderPlugin,
      searchPlugin,
    ],
    ...[signalsPlugin, userSettingsPlugin, appModuleUserSettings],
    fairwayPlugin,
    navigationModule,
    signInModule,
    translationModule,
  ],
});
