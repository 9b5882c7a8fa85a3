/**
 * Seconds that the header `Retry-After` of an answer asks to wait: a number or a date, RFC 9110, 10.2.3. Undefined where it is neither.
 * @param now in milliseconds since 1970
 */
export function secondsOfRetryAfter(value: string | null | undefined, now: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
