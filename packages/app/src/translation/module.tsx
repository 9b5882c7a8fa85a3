import {
  AppRootElementBlueprint,
  createFrontendModule,
  createTranslationRef,
  createTranslationResource,
} from '@backstage/frontend-plugin-api';
import { TranslationBlueprint } from '@backstage/plugin-app-react';
import { catalogTranslationRef } from '@backstage/plugin-catalog/alpha';
import { catalogGraphTranslationRef } from '@backstage/plugin-catalog-graph/alpha';
import { notificationsTranslationRef } from '@backstage/plugin-notifications/alpha';
import { scaffolderTranslationRef } from '@backstage/plugin-scaffolder/alpha';
import { searchTranslationRef } from '@backstage/plugin-search/alpha';
import { userSettingsTranslationRef } from '@backstage/plugin-user-settings/alpha';
import { LanguageStart } from './language-start.tsx';

/** Of @backstage/plugin-catalog-react, which the app has through other plugins alone: its texts are found by this id. */
const catalogReactTranslationRef = createTranslationRef({
  id: 'catalog-react',
  messages: {} as Readonly<Record<string, string>>,
});

const resources = {
  catalog: createTranslationResource({
    ref: catalogTranslationRef,
    translations: { zh: () => import('./catalog-chinese.ts') },
  }),
  'catalog-react': createTranslationResource({
    ref: catalogReactTranslationRef,
    translations: { zh: () => import('./catalog-react-chinese.ts') },
  }),
  'catalog-graph': createTranslationResource({
    ref: catalogGraphTranslationRef,
    translations: { zh: () => import('./catalog-graph-chinese.ts') },
  }),
  notifications: createTranslationResource({
    ref: notificationsTranslationRef,
    translations: { zh: () => import('./notifications-chinese.ts') },
  }),
  scaffolder: createTranslationResource({
    ref: scaffolderTranslationRef,
    translations: { zh: () => import('./scaffolder-chinese.ts') },
  }),
  search: createTranslationResource({
    ref: searchTranslationRef,
    translations: { zh: () => import('./search-chinese.ts') },
  }),
  'user-settings': createTranslationResource({
    ref: userSettingsTranslationRef,
    translations: { zh: () => import('./user-settings-chinese.ts') },
  }),
};

/** Chinese for Backstage's own pages, which come in English alone. */
export const translationModule = createFrontendModule({
  pluginId: 'app',
  extensions: [
    ...Object.entries(resources).map(([name, resource]) => TranslationBlueprint.make({ name, params: { resource } })),
    AppRootElementBlueprint.make({ name: 'language-start', params: { element: <LanguageStart /> } }),
  ],
});
