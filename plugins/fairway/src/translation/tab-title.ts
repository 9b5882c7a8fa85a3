import { type ApiHolder, appLanguageApiRef } from '@backstage/frontend-plugin-api';
import { titlesChinese } from './titles-chinese.ts';
import { titlesEnglish } from './titles-english.ts';

/** A title that Backstage takes as a plain text when it starts: in the language that the reader has chosen by then. */
export function tabTitle(apis: ApiHolder, key: keyof typeof titlesEnglish): string {
  const language = apis.get(appLanguageApiRef)?.getLanguage().language;
  return (language === 'zh' ? titlesChinese : titlesEnglish)[key];
}
