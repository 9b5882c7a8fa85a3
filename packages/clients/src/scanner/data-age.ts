const day = 24 * 60 * 60 * 1000;

/** Whole days since the vulnerability data was made; undefined when its date is not known. */
export function daysOld(date: string | undefined, now: Date): number | undefined {
  return date === undefined ? undefined : Math.max(0, Math.floor((now.getTime() - Date.parse(date)) / day));
}

/** `data of 2026-11-20, 8 days old`. */
export function dataAge(date: string | undefined, now: Date): string {
  const days = daysOld(date, now);
  if (date === undefined || days === undefined) return 'data of an unknown day';
  const old = days === 0 ? '' : `, ${days} ${days === 1 ? 'day' : 'days'} old`;
  return `data of ${date.slice(0, 10)}${old}`;
}
