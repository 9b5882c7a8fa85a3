import { createHash } from 'node:crypto';
import type { Struct } from './messages.ts';
import { objectIn, routeOf } from './route.ts';

/** The cluster of Envoy to which a request was given, where that names a version: at a gateway of Istio. */
const backendHeader = 'x-fairway-backend';
/** A request that names a version measures it, so the version must answer. */
export const revisionHeader = 'x-fairway-revision';

export const tokenMetadata = 'envoy.filters.http.jwt_authn';

/** Whose answers may be shared: those of one client, one version and one service. */
export interface Place {
  readonly service: string;
  /** With another image, model or configuration it is another. */
  readonly version: string;
  readonly tenant: string;
  /** Seconds that an answer is stored. */
  readonly ttl: number;
  readonly maxBytes: number;
}

/** undefined where the cache must stay out of the way. */
export function placeOf(
  headers: Readonly<Record<string, string>>,
  metadata: Readonly<Record<string, Struct>>,
): Place | undefined {
  const { 'cache-control': control = '', 'content-encoding': encoding = 'identity' } = headers;
  if (encoding !== 'identity' || headers[revisionHeader] !== undefined) return undefined;
  const tenant = tenantOf(metadata[tokenMetadata]);
  const route = routeOf(headers);
  const settings = objectIn(route?.annotations['cache']);
  if (!tenant || !route || !settings) return undefined;
  // Envoy Gateway's clusters name no version: there it is the one that has all users, and absent while they are divided
  const version =
    route.annotations['version'] ??
    versionOf(headers[backendHeader], route.namespace, String(route.annotations['service']));
  const { ttl, maxBytes } = settings;
  if (typeof version !== 'string' || typeof ttl !== 'number' || typeof maxBytes !== 'number') return undefined;
  if (wantsFresh(control, ttl)) return undefined;
  return { service: `${route.namespace}/${route.name}`, version, tenant, ttl, maxBytes };
}

/**
 * Whether a client takes no stored answer, or none as old as they may be: how old one is, nobody remembers.
 * Source: RFC 9111, 5.2.1
 */
function wantsFresh(control: string, ttl: number): boolean {
  const age = /max-age\s*=\s*"?(\d+)/i.exec(control)?.[1];
  return /no-cache|no-store/i.test(control) || (age !== undefined && Number(age) < ttl);
}

/** Istio names a cluster by its Service, and each version has one. */
function versionOf(cluster: string | undefined, namespace: string, service: string): string | undefined {
  const [host = ''] = /[^|]+$/.exec(cluster ?? '') ?? [];
  const [name = '', where] = host.split('.');
  return where === namespace && name.startsWith(`${service}-`) ? name.slice(service.length + 1) : undefined;
}

/** The name of an answer in Redis: nothing of the request can be read from it. */
export function keyOf({ service, version, tenant }: Place, path: string, body: Buffer): string {
  const hash = createHash('sha256').update(JSON.stringify([service, version, tenant, path]));
  return `fairway:cache:${hash.update('\n').update(body).digest('base64url')}`;
}

/**
 * Issuer and subject of the verified token, or the client that it was given to where it names no subject. With the claim, so that a client that
 * has the name of a person gets none of their answers.
 */
function tenantOf(token: Struct | undefined): string | undefined {
  for (const { structValue } of Object.values(token?.fields ?? {})) {
    const claim = (name: string) => structValue?.fields?.[name]?.stringValue;
    const named = ['sub', 'client_id', 'azp'].find(claim);
    if (named) return JSON.stringify([claim('iss') ?? '', named, claim(named)]);
  }
  return undefined;
}
