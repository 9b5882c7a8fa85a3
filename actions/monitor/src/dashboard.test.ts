import { engineProfile } from '@fairway/engines';
import { ClusterSeries } from '@fairway/indicators';
import { envoyGateway } from '@fairway/targets/gateway/envoy/target';
import { engineNames } from '@fairway/service';
import { tinyService } from '../../../test/fixtures/service.ts';
import { dashboard, dashboardObject, dashboardRows } from './dashboard.ts';
import { availability, latencies } from './indicators.ts';
import { ruleGroups } from './rules.ts';

const service = tinyService({ namespace: 'llm' });
const all = ClusterSeries.labelled();

/** Names that are followed by a selector; functions are followed by a parenthesis. */
const metricsIn = (expression: string) =>
  [...expression.matchAll(/([a-zA-Z_:][\w:]*)\{/g)].map(([, name]) => name ?? '');

test.each(engineNames)('every metric that the dashboard of %s names is measured or recorded', name => {
  const profile = engineProfile(name);
  const indicators = [
    availability(service, envoyGateway, all),
    ...latencies(service, profile, envoyGateway, new Map(), all),
  ];
  const recorded = ruleGroups(service, profile, envoyGateway, indicators, all).flatMap(({ rules }) =>
    rules.map(({ record }) => record ?? ''),
  );
  const engine = Object.values(profile.metrics).flatMap(metric => [metric, `${metric}_bucket`]);
  // as Envoy 1.40 wrote them on the local platform, and DCGM's default counters
  const others = [
    ...['envoy_cluster_upstream_rq_xx', 'envoy_cluster_upstream_cx_destroy_remote_with_active_rq'],
    ...[
      'envoy_cluster_ratelimit_over_limit',
      'envoy_cluster_upstream_rq',
      'envoy_http_ext_authz_error',
      'envoy_cluster_upstream_rq_time_bucket',
      'up',
    ],
    ...['DCGM_FI_DEV_GPU_UTIL', 'DCGM_FI_DEV_FB_USED'],
  ];
  const rows = dashboardRows(service, profile, envoyGateway, indicators);
  const named = rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.flatMap(q => metricsIn(q.expr))));
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter(metric => ![...recorded, ...engine, ...others].includes(metric))).toEqual([]);
});

test('the dashboard is one that Grafana can load, and its sidecar finds it', () => {
  const profile = engineProfile('vllm');
  const rows = dashboardRows(service, profile, envoyGateway, [availability(service, envoyGateway, all)]);
  const json = dashboard(service, rows);
  const model = JSON.parse(json) as { uid: string; panels: { type: string; title: string; targets?: object[] }[] };
  expect(model.uid).toBe('fairway-llm-hello');
  expect(model.panels.filter(({ type }) => type === 'row').map(({ title }) => title)).toEqual([
    ...['Service', 'Gateway', 'Engine: vllm', 'Cost'],
  ]);
  expect(model.panels.filter(({ type }) => type === 'timeseries').every(panel => panel.targets?.length)).toBe(true);
  const elsewhere = ['prod-eu', 'prod-us'].map(cluster => {
    const other = tinyService({ namespace: 'llm', monitoring: { labels: { cluster } } });
    return JSON.parse(dashboard(other, rows)) as { uid: string; title: string };
  });
  // Grafana takes 40 characters at most
  expect(elsewhere.map(({ uid }) => /^fairway-llm-hello-[0-9a-f]{8}$/.test(uid))).toEqual([true, true]);
  expect(new Set(elsewhere.map(({ uid }) => uid)).size).toBe(2);
  expect(elsewhere[0]?.title).toBe('hello in llm, prod-eu');
  expect(dashboardObject(service, json)).toMatchObject({
    kind: 'ConfigMap',
    metadata: { namespace: 'llm', labels: { grafana_dashboard: '1' } },
  });
});
