/** What GitHub answered that it did not do. */
export interface Rejection {
  /** Absent when the connection broke off. */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly message: string;
}

/** Whether the rejection is for asking too often, and not for a missing permission: both may be 403. */
export function isLimited({ status, headers, message }: Rejection): boolean {
  if (status !== 403 && status !== 429) return false;
  return (
    status === 429 ||
    headers['retry-after'] !== undefined ||
    String(headers['x-ratelimit-remaining']) === '0' ||
    /rate limit/i.test(message)
  );
}

/**
 * Seconds until GitHub may be asked again; undefined where that cannot help.
 * @param attempt that was rejected, from 1
 * @param now in milliseconds since 1970
 * @see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function waitingTime(rejection: Rejection, attempt: number, now: number): number | undefined {
  const { status, headers } = rejection;
  if (isLimited(rejection)) {
    const after = Number(headers['retry-after'] ?? Number.NaN);
    if (!Number.isNaN(after)) return after;
    const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
    // in whole seconds, and by a clock that is not ours
    if (String(headers['x-ratelimit-remaining']) === '0' && !Number.isNaN(reset))
      return Math.max(0, Math.ceil(reset - now / 1000)) + 1;
    return 60 * 2 ** (attempt - 1);
  }
  const broken = status === undefined || status === 500 || status === 502 || status === 503 || status === 504;
  return broken ? 2 ** (attempt - 1) : undefined;
}
