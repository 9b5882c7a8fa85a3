import { useSyncExternalStore } from 'react';
import { relativeTime } from './relative-time.ts';
import { useLanguage } from './use-language.ts';

/** Milliseconds between two looks at the clock. */
const tick = 10_000;

/** All times of a page share one timer. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function follow(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach(one => one()), tick);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** How long ago a moment is; the moment itself, in the reader's language and time zone, is in its title. */
export function Time({ at }: { readonly at: string }) {
  const language = useLanguage();
  const moment = Date.parse(at);
  const known = !Number.isNaN(moment);
  const text = useSyncExternalStore(follow, () => (known ? relativeTime(moment, Date.now(), language) : at));
  const title = known
    ? new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'long' }).format(moment)
    : undefined;
  return (
    <time dateTime={at} title={title}>
      {text}
    </time>
  );
}
