import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { fairwayReasonsTranslationRef, fairwayTranslationRef } from './fairway-translation.ts';

/** The plugin's texts in the language of the portal. */
export function useFairwayText() {
  return useTranslationRef(fairwayTranslationRef);
}

/** The texts of what comes by code, likewise. */
export function useReasonTexts() {
  return useTranslationRef(fairwayReasonsTranslationRef);
}
