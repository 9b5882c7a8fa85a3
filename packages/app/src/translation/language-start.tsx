import { useEffect } from 'react';
import { appLanguageApiRef, useApi } from '@backstage/frontend-plugin-api';

/** Starts the portal anew in the language that the reader chooses: titles of tabs are read once, when it starts. */
export function LanguageStart() {
  const languages = useApi(appLanguageApiRef);
  useEffect(() => {
    const started = languages.getLanguage().language;
    const watch = languages.language$().subscribe(({ language }) => {
      if (language !== started) location.reload();
    });
    return () => watch.unsubscribe();
  }, [languages]);
  return null;
}
