export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** What tells a service's objects at a gateway from those of others. */
export interface ServicePlace {
  readonly namespace: string;
  readonly name: string;
  readonly access: { readonly hostname?: string | undefined };
}

/** A service whose route says where it is, as long as it has one. */
export type LeavingService = Pick<ServicePlace, 'namespace' | 'name'> & Partial<Pick<ServicePlace, 'access'>>;

export interface GatewayReference {
  readonly namespace: string;
  readonly name: string;
}

/** Whose tokens are accepted, and by which firewall requests are looked at. */
export interface Access {
  readonly issuer: string;
  /** The `aud` of the tokens; absent for issuers whose access tokens name none. */
  readonly audience?: string;
  /** OAuth clients (the claim `client_id`) whose tokens are accepted, where tokens name no audience. */
  readonly clients?: readonly string[];
  readonly jwksUrl: string;
  /** Where the keys are fetched inside the cluster; from the URL itself when absent. */
  readonly jwksService?: ServiceReference;
  readonly waf: ServiceReference;
}

/**
 * Set from the verified token, so that a client cannot choose whose limit it uses up: the subject, or, by a filter of the gateway, the client that the
 * token was given to where it names no subject.
 */
export const userHeader = 'x-user';

/** A policy's target. */
export function routeReference(name: string): Record<string, string> {
  return { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name };
}
