import { createApp } from '@backstage/frontend-defaults';
import appModuleUserSettings from '@backstage/plugin-app-module-user-settings';
import authPlugin from '@backstage/plugin-auth';
import catalogGraphPlugin from '@backstage/plugin-catalog-graph/alpha';
import orgPlugin from '@backstage/plugin-org/alpha';
import searchPlugin from '@backstage/plugin-search/alpha';
import signalsPlugin from '@backstage/plugin-signals/alpha';
import fairwayPlugin from '@fairway/backstage-plugin-fairway';
import { navigationModule } from './navigation/module.ts';
import { signInModule } from './sign-in/module.tsx';
import { translationModule } from './translation/module.tsx';
import { translatedPlugins } from './translation/translated-plugins.ts';

/** Every feature is named: what is installed for another reason does not appear by itself. */
export const app = createApp({
  features: [
    ...[authPlugin, catalogGraphPlugin, orgPlugin, searchPlugin, signalsPlugin, appModuleUserSettings],
    ...translatedPlugins,
    fairwayPlugin,
    navigationModule,
    signInModule,
    translationModule,
  ],
});
