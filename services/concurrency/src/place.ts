import { createHash } from 'node:crypto';
import { routeOf } from '@fairway/cache/route';

/** Set by the gateway from the verified token and removed from what clients send: by it, limits of requests and tokens are counted too. */
const userHeader = 'x-user';

export interface Place {
  /** Name in Redis: who the client is cannot be read from it. */
  readonly key: string;
  readonly most: number;
}

/** undefined where the service limits no running requests. */
export function placeOf(headers: Readonly<Record<string, string>>): Place | undefined {
  const route = routeOf(headers);
  const most = Number(route?.annotations['concurrentRequests'] ?? Number.NaN);
  if (!route || !Number.isInteger(most)) return undefined;
  // tokens that name nobody have one limit together
  const client = JSON.stringify([route.namespace, route.annotations['service'], headers[userHeader] ?? null]);
  return { key: `fairway:leases:${createHash('sha256').update(client).digest('base64url')}`, most };
}
