import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { reasonTexts } from '@fairway/service/reasons/reason';
import { deliveryEnglish } from './delivery-english.ts';
import { english } from './english.ts';
import { failureEnglish } from './failure-english.ts';
import { filterEnglish } from './filter-english.ts';
import { fleetEnglish } from './fleet-english.ts';
import { homeEnglish } from './home-english.ts';
import { podsEnglish } from './pods-english.ts';
import { queuesEnglish } from './queues-english.ts';
import { releaseEnglish } from './release-english.ts';
import { serviceEnglish } from './service-english.ts';
import { titlesEnglish } from './titles-english.ts';
import { usageEnglish } from './usage-english.ts';
import { wordsEnglish } from './words-english.ts';

/** The texts of the pages, in English; a portal may translate them. @public */
export const fairwayTranslationRef = createTranslationRef({
  id: 'plugin.fairway',
  messages: {
    ...english,
    ...deliveryEnglish,
    ...failureEnglish,
    ...filterEnglish,
    ...fleetEnglish,
    ...homeEnglish,
    ...podsEnglish,
    ...queuesEnglish,
    ...releaseEnglish,
    ...serviceEnglish,
    ...titlesEnglish,
    ...usageEnglish,
    ...wordsEnglish,
  },
  translations: { zh: () => import('./chinese-messages.ts') },
});

/**
 * What the backend and the stages say by code, in English. Apart from the texts of the pages, and without the type of each text: with them it is
 * more than TypeScript compares. @public
 */
export const fairwayReasonsTranslationRef = createTranslationRef({
  id: 'plugin.fairway.reasons',
  messages: reasonTexts as Readonly<Record<string, string>>,
  translations: { zh: () => import('./chinese-reasons.ts') },
});
