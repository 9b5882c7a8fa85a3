import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { deliveryEnglish } from './delivery-english.ts';
import { english } from './english.ts';

export const fairwayTranslationRef = createTranslationRef({
  id: 'plugin.fairway',
  messages: { ...english, ...deliveryEnglish },
  translations: { zh: () => import('./chinese-messages.ts') },
});
