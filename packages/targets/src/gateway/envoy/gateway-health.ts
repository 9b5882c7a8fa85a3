import type { ClusterSeries } from '@fairway/indicators';
import type { GatewayHealth } from '../gateway-traffic.ts';

/** The certificates that Envoy shows to backends of routes, and those by which it knows their authorities. */
const ofBackends = 'envoy_cluster_ssl_certificate_expiration_unix_time_seconds';
const ofListeners = 'envoy_listener_ssl_certificate_expiration_unix_time_seconds';
const server = 'envoy_server_days_until_first_cert_expiring';
const downloads = 'envoy_http_jwt_authn_jwks_fetch';

const routes = 'envoy_cluster_name=~"httproute/.*"';

export const gatewayHealth = (all: ClusterSeries): GatewayHealth => ({
  // one that a proxy has in a mesh lives for hours; such a proxy is asked for those of its listeners alone
  certificateDays: `min((${all.of(server)} unless on (job, instance) ${all.of(ofBackends, routes)}) or (${all.of(ofListeners)} - time()) / 86400)`,
  // Envoy Gateway gives authorities names with this end
  meshCertificateSeconds: `min(${all.of(ofBackends, `${routes},envoy_tls_certificate!~".+-ca"`)}) - time()`,
  keyDownloads: (window: string) => {
    const of = (end: 'failed' | 'success') => `sum(increase(${all.of(`${downloads}_${end}`)}[${window}]))`;
    return { failed: of('failed'), ended: of('success') };
  },
  tests: {
    certificate: days => ({ series: all.sample(server), value: days }),
    anyCertificate: all.sample(server),
    listenerCertificate: all.sample(ofListeners, 'envoy_tls_certificate="edge"'),
    meshCertificate: (seconds, second) => ({
      series: all.sample(
        ofBackends,
        'envoy_cluster_name="httproute/a/b/rule/0/backend/0",envoy_tls_certificate="a/identity"',
      ),
      value: second + seconds,
    }),
    failed: all.sample(`${downloads}_failed`),
    ended: all.sample(`${downloads}_success`),
  },
});
