import type { HttpRequest } from '../request.ts';

/** What lets this side in, beside a login that is in the address. PEM where it is a certificate or a key. */
export interface PrometheusLogin {
  /** Sent as bearer token. */
  readonly token?: string;
  /** Tenant of Mimir, Cortex or Thanos: X-Scope-OrgID. */
  readonly tenant?: string;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** The same as parts of a request. */
export function withLogin(login: PrometheusLogin): Pick<HttpRequest, 'headers' | 'tls'> {
  const { token, tenant, ca, certificate, key } = login;
  return {
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(tenant ? { 'x-scope-orgid': tenant } : {}),
    },
    ...(ca || certificate ? { tls: { ca, cert: certificate, key } } : {}),
  };
}
