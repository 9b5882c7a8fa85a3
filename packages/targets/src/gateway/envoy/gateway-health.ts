import type { GatewayHealth } from '../gateway-traffic.ts';

/** The certificates that Envoy shows to backends of routes, and those by which it knows their authorities. */
const towardsBackends = 'envoy_cluster_ssl_certificate_expiration_unix_time_seconds{envoy_cluster_name=~"httproute/.*"';

const server = 'envoy_server_days_until_first_cert_expiring';

export const gatewayHealth: GatewayHealth = {
  // one that a proxy has in a mesh lives for hours; such a proxy is asked for those of its listeners alone
  certificateDays: `min((${server} unless on (job, instance) ${towardsBackends}}) or (envoy_listener_ssl_certificate_expiration_unix_time_seconds - time()) / 86400)`,
  // Envoy Gateway gives authorities names with this end
  meshCertificateSeconds: `min(${towardsBackends},envoy_tls_certificate!~".+-ca"}) - time()`,
  keyDownloads: (window: string) => {
    const downloads = (end: 'failed' | 'success') => `sum(increase(envoy_http_jwt_authn_jwks_fetch_${end}[${window}]))`;
    return { failed: downloads('failed'), ended: downloads('success') };
  },
  tests: {
    certificate: days => ({ series: server, value: days }),
    anyCertificate: server,
    listenerCertificate: 'envoy_listener_ssl_certificate_expiration_unix_time_seconds{envoy_tls_certificate="edge"}',
    meshCertificate: (seconds, second) => ({
      series: `${towardsBackends.replace('=~"httproute/.*"', '="httproute/a/b/rule/0/backend/0"')},envoy_tls_certificate="a/identity"}`,
      value: second + seconds,
    }),
    failed: 'envoy_http_jwt_authn_jwks_fetch_failed',
    ended: 'envoy_http_jwt_authn_jwks_fetch_success',
  },
};
