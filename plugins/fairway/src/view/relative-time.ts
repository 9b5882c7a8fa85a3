const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
/** Seconds of each unit; months and years as they are on average. */
const units = [
  ['year', 365.25 * day],
  ['month', 30.4375 * day],
  ['day', day],
  ['hour', hour],
  ['minute', minute],
] as const;

/** Seconds that are "now": clocks differ, and nobody needs to know better. */
const now = 10;

/**
 * How long ago a moment is, or how far ahead: "now", "25 minutes ago". A unit is used from two of it on, since "1 hour ago" could be almost two.
 * @param at milliseconds since 1970, as `current` is
 * @param language BCP 47
 */
export function relativeTime(at: number, current: number, language: string): string {
  const seconds = (at - current) / 1000;
  const size = Math.abs(seconds);
  const format = new Intl.RelativeTimeFormat(language, { numeric: size < now ? 'auto' : 'always' });
  if (size < now) return format.format(0, 'second');
  const [unit, length] = units.find(([, of]) => size >= 2 * of) ?? ['second', 1];
  return format.format(Math.trunc(seconds / length), unit);
}
