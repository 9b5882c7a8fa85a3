import { limitsTokens } from '@fairway/service';
import type { Service } from '@fairway/service';

/** What a client may use in a minute or a day, counted in Redis over all replicas of a gateway. */
export interface CountedLimit {
  readonly of: 'requests' | 'tokens';
  readonly most: number;
  readonly unit: 'Minute' | 'Day';
  /** What each request counts; tokens are looked at before a request and charged when the answer has ended. */
  readonly each: number;
}

/** The largest limit that the definitions of Envoy Gateway take: a whole number of 32 bits with a sign. */
const mostOfALimit = 2 ** 31 - 1;

/** The most that Envoy counts at once (`RateLimit.HitsAddend.number`). */
const mostAtOnce = 1_000_000_000;

/**
 * Empty where the service limits no tokens. Tokens used up are looked at before a request and charged after it, so requests at the same time
 * may go over the limit by what they use.
 */
export function countedLimits(service: Pick<Service, 'access'>): readonly CountedLimit[] {
  if (!limitsTokens(service)) return [];
  const { requestsPerMinute, tokensPerMinute, tokensPerDay } = service.access;
  // Envoy reports what is left of the limit with the smallest number left, and of none when that one is silent. Requests, of which fewer
  // are left than tokens, would be that one, so each counts as many as fit: the report is of tokens until requests are used up.
  const each = Math.min(Math.floor(mostOfALimit / requestsPerMinute), mostAtOnce);
  return [
    { of: 'requests', most: each * requestsPerMinute, unit: 'Minute', each },
    ...(tokensPerMinute ? [{ of: 'tokens', most: tokensPerMinute, unit: 'Minute', each: 0 } as const] : []),
    ...(tokensPerDay ? [{ of: 'tokens', most: tokensPerDay, unit: 'Day', each: 0 } as const] : []),
  ];
}
