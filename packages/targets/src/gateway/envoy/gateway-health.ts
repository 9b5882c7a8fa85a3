/** PromQL of what a gateway says about its certificates and about the keys that it verifies tokens with. */
export const gatewayHealth = {
  /** Days until the first certificate of any gateway proxy ends. */
  certificateDays: 'min(envoy_server_days_until_first_cert_expiring)',
  /** Downloads of an issuer's keys that failed and that ended well, over a window such as `15m`. */
  keyDownloads: (window: string) => {
    const downloads = (end: 'failed' | 'success') => `sum(increase(envoy_http_jwt_authn_jwks_fetch_${end}[${window}]))`;
    return { failed: downloads('failed'), ended: downloads('success') };
  },
  /** Series for tests of rules. */
  tests: {
    certificateDays: 'envoy_server_days_until_first_cert_expiring',
    failed: 'envoy_http_jwt_authn_jwks_fetch_failed',
    ended: 'envoy_http_jwt_authn_jwks_fetch_success',
  },
} as const;
