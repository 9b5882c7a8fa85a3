import { engineProfile } from '@fairway/engines';
import { ClusterSeries } from '@fairway/indicators';
import { alertSummary } from '@fairway/service/alert-summary';
import { english } from '@fairway/service/reasons/delivery-reason';
import { envoyGateway } from '@fairway/targets/gateway/envoy/target';
import { tinyService } from '../../../test/fixtures/service.ts';
import { availability, indicatorsOf, latencies } from './indicators.ts';
import { ruleGroups } from './rules.ts';
import { kubernetesAccess, scrapeFile } from './scrape.ts';
import { bucketEdges } from './verify.ts';
import { alertThreshold } from './windows.ts';

const service = tinyService({ namespace: 'llm' });
const all = ClusterSeries.labelled();

test.each([
  [14.4, 0.005, 0.072],
  [1, 0.05, 0.05],
  [14.4, 0.5, 0.75],
])('burn rate %d of a budget of %d alerts over %d', (factor, budget, threshold) => {
  expect(alertThreshold(factor, budget)).toBe(threshold);
});

test("an engine's own histograms are watched on the bucket edge over the promise", () => {
  const profile = engineProfile('vllm');
  const edges = new Map([
    ['vllm:time_to_first_token_seconds', ['0.5', '+Inf', '2.5', '1.0']],
    ['vllm:inter_token_latency_seconds', ['0.1', '0.25', '+Inf']],
  ]);
  const found = latencies(service, profile, envoyGateway, edges, all);
  expect(found.map(one => [one.objective, one.pages, one.limitation])).toEqual([
    [
      'time-to-first-token',
      true,
      'The histogram vllm:time_to_first_token_seconds has no bucket edge at 1.5 s; 2.5 s is watched.',
    ],
    ['inter-token-latency', true, undefined],
  ]);
  expect(found[0]?.errorRatio('5m')).toBe(
    '1 - sum(rate(vllm:time_to_first_token_seconds_bucket{job="fairway/llm/hello",users="true",le=~"2\\\\.5"}[5m])) / sum(rate(vllm:time_to_first_token_seconds_count{job="fairway/llm/hello",users="true"}[5m]))',
  );
});

test('an engine without histograms is watched at the gateway, says so, and wakes nobody', () => {
  const [stream, ...more] = latencies(service, engineProfile('llamacpp'), envoyGateway, new Map(), all);
  expect(more).toEqual([]);
  expect(stream).toMatchObject({ objective: 'stream-duration', pages: false });
  expect(stream?.limitation).toMatch(/llamacpp exposes no histogram .* against 5250 ms .* 10000 ms is watched/);
});

test('a histogram without an edge is none', () => {
  const edges = new Map([
    ['vllm:time_to_first_token_seconds', ['+Inf', '']],
    ['vllm:inter_token_latency_seconds', ['0.25', '+Inf']],
  ]);
  const found = latencies(service, engineProfile('vllm'), envoyGateway, edges, all);
  expect(found.map(one => one.objective)).toEqual(['inter-token-latency', 'stream-duration']);
});

test('an edge that not all pods have is none: answers of the others would all be over it', async () => {
  // a new version divides further, as later versions of vLLM do
  const pods = { '10.0': 3, '20.0': 1, '+Inf': 3 };
  const server = {
    query: async (expression: string) =>
      expression.includes('vllm:')
        ? Object.entries(pods).map(([le, value]) => ({ metric: { le } as Record<string, string>, value }))
        : [],
  };
  const edges = await bucketEdges(server, service, engineProfile('vllm'), envoyGateway);
  expect([...edges.keys()]).toEqual(['vllm:time_to_first_token_seconds', 'vllm:inter_token_latency_seconds']);
  expect(edges.get('vllm:time_to_first_token_seconds')).toEqual(['10.0', '+Inf']);
});

test('what alerts is at least three bad events, and of gaps between tokens that many answers', () => {
  const profile = engineProfile('vllm');
  const edges = new Map([
    ['vllm:time_to_first_token_seconds', ['1.5', '+Inf']],
    ['vllm:inter_token_latency_seconds', ['0.25', '+Inf']],
  ]);
  const [first, gaps] = latencies(service, profile, envoyGateway, edges, all);
  const pods = 'job="fairway/llm/hello",users="true"';
  expect(first?.badEvents('1h')).toBe(
    `(sum(rate(vllm:time_to_first_token_seconds_count{${pods}}[1h])) - sum(rate(vllm:time_to_first_token_seconds_bucket{${pods},le=~"1\\\\.5"}[1h]))) * 3600`,
  );
  expect(gaps?.badEvents('6h')).toBe(
    `(${gaps!.errorRatio('6h')}) * sum(increase(vllm:time_to_first_token_seconds_count{${pods}}[6h]))`,
  );
  const [, alerts] = ruleGroups(service, profile, envoyGateway, [first!, gaps!], all);
  const own = (objective: string) => `service="hello",namespace="llm",objective="${objective}"`;
  expect(alerts?.rules[0]?.expr).toContain(
    ` and service:error_events:increase1h{${own('time-to-first-token')}} > 2.5) or (`,
  );
});

test('a portal knows what every alert says by its name, so that it can say it in another language', () => {
  const profile = engineProfile('vllm');
  const own = tinyService({ namespace: 'llm' });
  const groups = ruleGroups(own, profile, envoyGateway, indicatorsOf(own, profile, envoyGateway, new Map(), all), all);
  const alerts = groups.flatMap(({ rules }) => rules).filter(({ alert }) => alert !== undefined);
  expect(alerts.length).toBeGreaterThan(5);
  for (const { alert = '', labels = {}, annotations } of alerts) {
    const known = alertSummary(alert, own.name, labels['objective']);
    expect([alert, known && english(known)]).toEqual([alert, annotations?.['summary']]);
  }
});

test('every window is recorded for every indicator, and every alert has a runbook and an owner', () => {
  const profile = engineProfile('llamacpp');
  const [recordings, alerts] = ruleGroups(
    service,
    profile,
    envoyGateway,
    [availability(service, envoyGateway, all), ...latencies(service, profile, envoyGateway, new Map(), all)],
    all,
  );
  expect(recordings?.rules).toHaveLength(22);
  expect(alerts?.rules.map(rule => [rule.alert, rule.labels.objective, rule.labels.severity])).toEqual([
    ['FairwayErrorBudgetBurn', 'availability', 'page'],
    ['FairwayErrorBudgetBurn', 'availability', 'ticket'],
    ['FairwayErrorBudgetBurn', 'stream-duration', 'ticket'],
    ['FairwayTargetDown', undefined, 'page'],
    ['FairwaySomeTargetsDown', undefined, 'ticket'],
    ['FairwaySaturated', undefined, 'ticket'],
    ['FairwayReleaseBrokeOff', undefined, 'page'],
    ['FairwayGatewayDown', undefined, 'page'],
    ['FairwayCertificateExpires', undefined, 'ticket'],
    ['FairwayTokenKeysStale', undefined, 'ticket'],
  ]);
  expect(alerts?.rules.every(rule => rule.annotations?.runbook_url && rule.labels.owner === 'team')).toBe(true);
});

test('behind a gateway of the team nothing is watched at a gateway', () => {
  const own = tinyService({ gateway: { own: 'Kong' } });
  const profile = engineProfile('llamacpp');
  const groups = ruleGroups(own, profile, envoyGateway, indicatorsOf(own, profile, envoyGateway, new Map(), all), all);
  expect(groups.map(({ name }) => name)).toEqual(['fairway:hello/hello:alerts', 'fairway:hello/hello:gen-ai']);
  expect(groups[0]?.rules.map(({ alert }) => alert)).toEqual([
    'FairwayTargetDown',
    'FairwaySomeTargetsDown',
    'FairwaySaturated',
    'FairwayReleaseBrokeOff',
  ]);
  expect(JSON.stringify(groups)).not.toContain('envoy');
});

test("a job reaches Kubernetes as Prometheus' other jobs do, without their secrets", () => {
  const configuration = {
    scrape_configs: [
      { job_name: 'static' },
      {
        kubernetes_sd_configs: [
          {
            role: 'endpointslice',
            kubeconfig_file: '/etc/kubeconfig',
            authorization: { credentials: '<secret>' },
            namespaces: { names: ['x'] },
          },
        ],
      },
    ],
  };
  expect(kubernetesAccess(configuration)).toEqual({ kubeconfig_file: '/etc/kubeconfig' });
  expect(kubernetesAccess({})).toEqual({});
  expect(scrapeFile(service, engineProfile('llamacpp'), { kubeconfig_file: '/etc/kubeconfig' })).toMatchObject({
    scrape_configs: [
      {
        metrics_path: '/metrics',
        kubernetes_sd_configs: [
          { role: 'endpointslice', kubeconfig_file: '/etc/kubeconfig', namespaces: { names: ['llm'] } },
        ],
      },
    ],
  });
  expect(scrapeFile(service, engineProfile('transformers'), {})).toEqual({ scrape_configs: [] });
});
