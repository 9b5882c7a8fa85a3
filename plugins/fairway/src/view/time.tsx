import { useLanguage } from './use-language.ts';

/** A moment in the reader's language and time zone; the exact one is in its title. */
export function Time({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={at}>
      {useMoment()(at)}
    </time>
  );
}

/** Writes moments for sentences. */
export function useMoment(): (at: string) => string {
  const format = new Intl.DateTimeFormat(useLanguage(), { dateStyle: 'medium', timeStyle: 'short' });
  return at => (Number.isNaN(Date.parse(at)) ? at : format.format(new Date(at)));
}
