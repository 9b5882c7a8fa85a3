import { coreComponentsTranslationRef } from '@backstage/core-components/alpha';
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
import { orgTranslationRef } from '@backstage/plugin-org/alpha';
import { scaffolderTranslationRef } from '@backstage/plugin-scaffolder/alpha';
import { searchTranslationRef } from '@backstage/plugin-search/alpha';
import { userSettingsTranslationRef } from '@backstage/plugin-user-settings/alpha';
import { LanguageStart } from './language-start.tsx';

/** Of packages that the app has through other plugins alone: their texts are found by this id. */
const refOf = <Id extends string>(id: Id) =>
  createTranslationRef({ id, messages: {} as Readonly<Record<string, string>> });

const resources = {
  catalog: createTranslationResource({
    ref: catalogTranslationRef,
    translations: { zh: () => import('./catalog-chinese.ts') },
  }),
  'catalog-react': createTranslationResource({
    ref: refOf('catalog-react'),
    translations: { zh: () => import('./catalog-react-chinese.ts') },
  }),
  'catalog-graph': createTranslationResource({
    ref: catalogGraphTranslationRef,
    translations: { zh: () => import('./catalog-graph-chinese.ts') },
  }),
  'core-components': createTranslationResource({
    ref: coreComponentsTranslationRef,
    translations: { zh: () => import('./core-components-chinese.ts') },
  }),
  notifications: createTranslationResource({
    ref: notificationsTranslationRef,
    translations: { zh: () => import('./notifications-chinese.ts') },
  }),
  org: createTranslationResource({
    ref: orgTranslationRef,
    translations: { zh: () => import('./org-chinese.ts') },
  }),
  scaffolder: createTranslationResource({
    ref: scaffolderTranslationRef,
    translations: { zh: () => import('./scaffolder-chinese.ts') },
  }),
  'scaffolder-react': createTranslationResource({
    ref: refOf('scaffolder-react'),
    translations: { zh: () => import('./scaffolder-react-chinese.ts') },
  }),
  search: createTranslationResource({
    ref: searchTranslationRef,
    translations: { zh: () => import('./search-chinese.ts') },
  }),
  'search-react': createTranslationResource({
    ref: refOf('search-react'),
    translations: { zh: () => import('./search-react-chinese.ts') },
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
