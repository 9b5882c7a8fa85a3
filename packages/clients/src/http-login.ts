import { signForAws } from './aws/sign.ts';
import type { AwsSigning } from './aws/sign.ts';
import type { TokenSource } from './bearer-token.ts';
import type { HttpRequest } from './request.ts';

/** What lets this side in at a system over HTTP, beside a login that is in the address. PEM where it is a certificate or a key. */
export interface HttpLogin {
  /** Sent as bearer token. */
  readonly token?: string;
  /** Gives one for each request, as those of clouds last for an hour. */
  readonly bearer?: TokenSource;
  /** Requests are signed for a service of Amazon. */
  readonly aws?: AwsSigning;
  /** Tenant of Mimir, Cortex or Thanos: X-Scope-OrgID. */
  readonly tenant?: string;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** The same as parts of a request. */
export function withLogin(login: HttpLogin): Pick<HttpRequest, 'headers' | 'tls' | 'authorize'> {
  const { token, bearer, aws, tenant, ca, certificate, key } = login;
  return {
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(tenant ? { 'x-scope-orgid': tenant } : {}),
    },
    ...(ca || certificate ? { tls: { ca, cert: certificate, key } } : {}),
    ...(bearer
      ? { authorize: async (_asked, renew) => ({ headers: { authorization: `Bearer ${await bearer(renew)}` } }) }
      : {}),
    ...(aws
      ? { authorize: async (asked, renew) => signForAws(asked, aws, await aws.credentials(renew), new Date()) }
      : {}),
  };
}
