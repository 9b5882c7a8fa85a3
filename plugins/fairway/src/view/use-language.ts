import { appLanguageApiRef, useApi } from '@backstage/frontend-plugin-api';

/** The language of the portal, for numbers and times; views render again when it changes because their texts do. */
export function useLanguage(): string {
  return useApi(appLanguageApiRef).getLanguage().language;
}
