import { isRule, servingRule } from '@fairway/clients/kubernetes/traffic';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import type { ClusterSeries } from '@fairway/indicators';
import type { VersionTraffic } from '../gateway-traffic.ts';
import { placesOf } from '../places.ts';

/**
 * Envoy counts by cluster, and Envoy Gateway names a cluster by the place of a backend in its route: a backend with filters
 * has one of its own. Only the users' rule is counted, not the one for requests that name the version.
 * @returns undefined when the route does not hold the version
 */
export function versionTraffic(
  route: HttpRoute,
  service: string,
  revision: string,
  series: ClusterSeries,
): VersionTraffic | undefined {
  const rules = route.spec?.rules ?? [];
  const rule = rules.findIndex(candidate => isRule(candidate, servingRule));
  const backend = placesOf(route, service).indexOf(revision);
  if (rule < 0 || backend < 0) return undefined;
  const { namespace, name } = route.metadata;
  const cluster = `envoy_cluster_name="httproute/${namespace}/${name}/rule/${rule}/backend/${backend}"`;
  const of = (metric: string, more = '') => series.of(metric, `${cluster}${more}`);
  const code = (status: number) => of('envoy_cluster_upstream_rq', `,envoy_response_code="${status}"`);
  return {
    answers: of('envoy_cluster_upstream_rq_xx'),
    errors: `${of('envoy_cluster_upstream_rq_xx', ',envoy_response_code_class="5"')} or ${code(429)}`,
    limited: of('envoy_cluster_ratelimit_over_limit'),
    unanswered: code(503),
    broken: of('envoy_cluster_upstream_cx_destroy_remote_with_active_rq'),
    open: `sum(${of('envoy_cluster_upstream_rq_active')})`,
  };
}
