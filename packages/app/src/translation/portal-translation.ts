import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** Names in the side bar; of Backstage's pages, because each has one plain title. */
export const portalTranslationRef = createTranslationRef({
  id: 'portal',
  messages: {
    catalog: 'Catalog',
    create: 'Create',
    settings: 'Settings',
    notifications: 'Notifications',
    search: 'Search',
    menu: 'Menu',
  },
  translations: { zh: () => import('./portal-chinese.ts') },
});
