import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { fairwayTranslationRef } from './fairway-translation.ts';

/** The plugin's texts in the language of the portal. */
export function useFairwayText() {
  return useTranslationRef(fairwayTranslationRef);
}
