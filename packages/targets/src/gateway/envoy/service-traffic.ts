import type { ClusterSeries } from '@fairway/indicators';
import { onlyBroken, onlyOverload } from '../gateway-traffic.ts';
import type { ServiceTraffic } from '../gateway-traffic.ts';

/**
 * Availability at the edge. Bad is what a user sees fail: a status of 500 and over, 429 of a version, an answer that ends before its
 * end (Envoy counts the connection that the version closed under it), and an error of the firewall, without which nothing gets
 * through. What the gateway denies, an attack, a missing token or more than a user's limit, never reaches a version and does not count. The rule
 * for requests that name a version, the first one of each route, is left out: its requests are tests.
 */
export function serviceTraffic(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  series: ClusterSeries,
): ServiceTraffic {
  const clusters = (routes: string, rule: string) => clustersOf({ namespace, name }, routes, rule);
  const users = clusters('(chat|models)', '1');
  const rate = (metric: string, window: string, more = '') =>
    `sum(rate(${series.of(metric, `${users}${more}`)}[${window}]))`;
  const none = (expression: string) => `(${expression} or vector(0))`;
  const answers = 'envoy_cluster_upstream_rq_xx';
  const running = 'envoy_cluster_upstream_rq_active';
  const limited = (window: string) => none(rate('envoy_cluster_ratelimit_over_limit', window));
  const code = (status: number, window: string) =>
    none(rate('envoy_cluster_upstream_rq', window, `,envoy_response_code="${status}"`));
  const own = (window: string) => none(rate(answers, window));
  const everyone = (window: string) =>
    `sum(rate(${series.of(answers, 'envoy_cluster_name=~"httproute/.*"')}[${window}]))`;
  const firewall = (window: string) =>
    none(`sum(rate(${series.of('envoy_http_ext_authz_error', 'envoy_http_conn_manager_prefix!=""')}[${window}]))`);
  // a request that the firewall did not judge has no service yet: each gets its share of them, or all while nobody gets answers
  const denials = (window: string) =>
    `(${firewall(window)} * ${own(window)} / (${everyone(window)} > 0) or ${firewall(window)})`;
  const cluster = `envoy_cluster_name="httproute/${namespace}/${name}-chat/rule/1/backend/0"`;
  const example = (code: number) => series.sample(answers, `${cluster},envoy_response_code_class="${code}"`);
  return {
    // none of these series exists before the first error: that is no error, not no data
    bad: window =>
      [
        none(rate(answers, window, ',envoy_response_code_class="5"')),
        onlyOverload(code(429, window), limited(window)),
        onlyBroken(rate('envoy_cluster_upstream_cx_destroy_remote_with_active_rq', window), code(503, window)),
        denials(window),
      ].join(' + '),
    all: window => `(clamp_min(${rate(answers, window)} - ${limited(window)}, 0) + ${denials(window)})`,
    selector: clusters('(chat|models)', '[0-9]+'),
    served: { series: series.of(running, users), example: series.sample(running, cluster) },
    duration: { metric: 'envoy_cluster_upstream_rq_time', selector: clusters('chat', '1'), example: cluster },
    tests: {
      good: example(2),
      bad: example(5),
      tooMany: [example(4), series.sample('envoy_cluster_upstream_rq', `${cluster},envoy_response_code="429"`)],
      limited: series.sample('envoy_cluster_ratelimit_over_limit', cluster),
    },
  };
}

/** PromQL of whether users asked within the last two minutes or are being answered: over 0 if so, and nothing where the gateway is not scraped. */
export function asked(service: { readonly namespace: string; readonly name: string }, series: ClusterSeries): string {
  const users = clustersOf(service, '(chat|models)', '1');
  const begun = series.of('envoy_cluster_upstream_rq_total', users);
  return `sum(increase(${begun}[2m])) + sum(${series.of('envoy_cluster_upstream_rq_active', users)})`;
}

function clustersOf(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  routes: string,
  rule: string,
): string {
  return `envoy_cluster_name=~"httproute/${namespace}/${name}-${routes}/rule/${rule}/.*"`;
}
