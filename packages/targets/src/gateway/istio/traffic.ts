import { isRule, servingBackends, servingRule } from '@fairway/clients/kubernetes/traffic';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import type { ClusterSeries } from '@fairway/indicators';
import { versionName } from '@fairway/clients/kubernetes/names';
import { onlyBroken, onlyOverload } from '../gateway-traffic.ts';
import type { GatewayHealth, ServiceTraffic, VersionTraffic } from '../gateway-traffic.ts';

/**
 * Istio names a cluster by its Service, and each version has one; requests that name a version go to another one, so the users' are
 * counted by themselves. Its proxies say few of Envoy's statistics unless the gateway asks for them (proxyStatsMatcher).
 */
const cluster = (service: string, port = '[0-9]+', domain = '.+') =>
  `cluster_name=~"outbound\\\\|${port}\\\\|\\\\|${service}\\\\.svc\\\\.${domain}"`;

const answers = 'envoy_cluster_upstream_rq';
const running = 'envoy_cluster_upstream_rq_active';
const ofClass = 'response_code_class!=""';

/** See `GatewayTarget`. */
export function versionTraffic(
  route: HttpRoute,
  service: string,
  revision: string,
  series: ClusterSeries,
): VersionTraffic | undefined {
  const name = versionName(service, revision);
  if (!route.spec?.rules?.some(rule => isRule(rule, servingRule))) return undefined;
  if (!servingBackends(route).some(backend => backend.name === name)) return undefined;
  const version = cluster(`${name}\\\\.${route.metadata.namespace}`);
  const of = (metric: string, more = '') => series.of(metric, `${version}${more}`);
  return {
    answers: of(answers, `,${ofClass}`),
    errors: `${of(answers, ',response_code_class="5xx"')} or ${of(answers, ',response_code="429"')}`,
    limited: of('envoy_cluster_ratelimit_over_limit'),
    unanswered: of(answers, ',response_code="503"'),
    broken: of('envoy_cluster_upstream_cx_destroy_remote_with_active_rq'),
    open: `sum(${of(running)})`,
  };
}

/** See `ServiceTraffic` and the target of Envoy Gateway, which judges alike. */
export function serviceTraffic(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  series: ClusterSeries,
): ServiceTraffic {
  // names of revisions are hexadecimal, so a service whose name begins like this one has others
  const users = cluster(`${name}-[0-9a-f]+\\\\.${namespace}`);
  const rate = (metric: string, window: string, more = '', where = users) =>
    `sum(rate(${series.of(metric, `${where}${more}`)}[${window}]))`;
  const none = (expression: string) => `(${expression} or vector(0))`;
  const limited = (window: string) => none(rate('envoy_cluster_ratelimit_over_limit', window));
  const code = (status: number, window: string) => none(rate(answers, window, `,response_code="${status}"`));
  const own = (window: string) => none(rate(answers, window, `,${ofClass}`));
  const everyone = (window: string) => rate(answers, window, `,${ofClass}`, 'cluster_name=~"outbound.*"');
  const firewall = (window: string) =>
    ['waf_head', 'waf_body']
      .map(filter => none(`sum(rate(${series.of(`envoy_http_ext_authz_${filter}_error`)}[${window}]))`))
      .join(' + ');
  const denials = (window: string) =>
    `((${firewall(window)}) * ${own(window)} / (${everyone(window)} > 0) or ${firewall(window)})`;
  const one = `cluster_name="outbound|8080||${name}-0a.${namespace}.svc.cluster.local"`;
  const example = (code: number) => series.sample(answers, `${one},response_code_class="${code}xx"`);
  return {
    bad: window =>
      [
        none(rate(answers, window, ',response_code_class="5xx"')),
        onlyOverload(code(429, window), limited(window)),
        onlyBroken(rate('envoy_cluster_upstream_cx_destroy_remote_with_active_rq', window), code(503, window)),
        denials(window),
      ].join(' + '),
    all: window => `(clamp_min(${rate(answers, window, `,${ofClass}`)} - ${limited(window)}, 0) + ${denials(window)})`,
    selector: cluster(`${name}-[0-9a-f]+(-named)?\\\\.${namespace}`),
    served: { series: series.of(running, users), example: series.sample(running, one) },
    duration: { metric: 'envoy_cluster_upstream_rq_time', selector: users, example: one },
    tests: {
      good: example(2),
      bad: example(5),
      tooMany: [example(4), series.sample(answers, `${one},response_code="429"`)],
      limited: series.sample('envoy_cluster_ratelimit_over_limit', one),
    },
  };
}

const listener = 'envoy_listener_ssl_certificate_expiration_unix_time_seconds';
/** What an agent says of the certificate of its proxy. */
const ofAgent = ['istio_agent_cert_expiry_seconds', 'resource_name="default"'] as const;
const ofEdge = [listener, 'listener_address="0.0.0.0_443"'] as const;

export const health = (all: ClusterSeries): GatewayHealth => ({
  // the first of all certificates is always one of the mesh, which lives for a day, so those of listeners are asked for alone
  certificateDays: `min((${all.of(listener)} - time()) / 86400)`,
  meshCertificateSeconds: `min(${all.of(...ofAgent)})`,
  // istiod fetches the keys and hands them to the gateway
  keyDownloads: (window: string) => {
    const downloads = (end: 'fail' | 'success') =>
      `sum(increase(${all.of(`pilot_jwks_resolver_network_fetch_${end}_total`)}[${window}]))`;
    return { failed: downloads('fail'), ended: downloads('success') };
  },
  tests: {
    certificate: (days, second) => ({
      series: all.sample(...ofEdge),
      value: second + days * 86_400,
    }),
    anyCertificate: all.sample('envoy_server_days_until_first_cert_expiring'),
    listenerCertificate: all.sample(...ofEdge),
    meshCertificate: seconds => ({ series: all.sample(...ofAgent), value: seconds }),
    failed: all.sample('pilot_jwks_resolver_network_fetch_fail_total'),
    ended: all.sample('pilot_jwks_resolver_network_fetch_success_total'),
  },
});
