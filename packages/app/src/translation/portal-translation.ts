import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** Names in the side bar that are no titles of pages. */
export const portalTranslationRef = createTranslationRef({
  id: 'portal',
  messages: {
    settings: 'Settings',
    notifications: 'Notifications',
    search: 'Search',
    menu: 'Menu',
  },
  translations: { zh: () => import('./portal-chinese.ts') },
});
