import { english, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { freePort } from '@fairway/clients/docker/free-port';
import { prometheus } from '@fairway/clients/prometheus/index';
import { engineProfile } from '@fairway/engines';
import { badShareRecord, ClusterSeries, recordedOf, seriesInCluster, storedSeries } from '@fairway/indicators';
import { bringParts } from '../bring-parts.ts';
import { envoyGateway } from '@fairway/targets/gateway/envoy/target';
import { asExposed } from '@fairway/targets/metrics/exposed-metrics';
import { gatewayTargets } from '@fairway/targets/gateway/find';
import type { GatewayTarget } from '@fairway/targets/gateway/target';
import { versionScaler } from '@fairway/targets/workload/scaler';
import { check } from '../../actions/monitor/src/check.ts';
import { dashboardRows } from '../../actions/monitor/src/dashboard.ts';
import { indicatorsOf } from '../../actions/monitor/src/indicators.ts';
import { ruleTests } from '../../actions/monitor/src/rule-tests.ts';
import { groupNames, ruleGroups } from '../../actions/monitor/src/rules.ts';
import { scrapeFile } from '../../actions/monitor/src/scrape.ts';
import { targetsOf } from '../../actions/monitor/src/targets.ts';
import { bucketEdges, seeEngine, seeGateway, seeRules } from '../../actions/monitor/src/verify.ts';
import { pacesBeside } from '../../actions/release/src/pace.ts';
import { VersionWatch } from '../../actions/release/src/users.ts';
import { readIndicators } from '../../plugins/fairway-backend/src/indicators/read-indicators.ts';
import { startProgram, until } from '../controllers.ts';
import { tinyService } from '../fixtures/service.ts';

jest.setTimeout(240_000);

const { signal } = new AbortController();
const service = tinyService({
  namespace: 'llm',
  engine: { name: 'vllm' },
  resources: { replicas: 2, gpu: { class: 'nvidia-l4-24gb', count: 1 } },
  mesh: { mtls: 'istio' },
  scaling: { min: 1, max: 4, prometheus: 'http://prometheus:9090' },
  monitoring: { labels: { cluster: 'prod-eu' } },
});
const profile = engineProfile('vllm');
const store = storedSeries(service);
const route = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'hello-chat', namespace: 'llm' },
  spec: { rules: [{ name: 'candidate' }, { name: 'serving', backendRefs: [{ name: 'hello-1a2b' }] }] },
};
/** Of the histograms of vLLM, so that both latencies are watched. */
const edges = new Map([
  ['vllm:time_to_first_token_seconds', ['0.5', '2.5', '10.0', '+Inf']],
  ['vllm:inter_token_latency_seconds', ['0.1', '0.25', '+Inf']],
]);

let root: string;
let url: string;
let promtool: string;
let exporter: Server;
/** As Google's: it has no list of targets and none of rules. */
let store404: Server;
let server: { stop(): Promise<void> } | undefined;

/** What an engine and a gateway say, of which a request a second is good or bad. */
function metrics(scrapes: number, bad: boolean): string {
  const lines: string[] = ['vllm:num_requests_running 3', 'vllm:num_requests_waiting 0'];
  for (const [metric, of] of edges) {
    for (const edge of of) lines.push(`${metric}_bucket{le="${edge}"} ${bad && edge !== '+Inf' ? 0 : scrapes}`);
    lines.push(`${metric}_count ${scrapes}`);
  }
  const cluster = (rule: number) => `envoy_cluster_name="httproute/llm/hello-chat/rule/${rule}/backend/0"`;
  for (const code of ['2', '5'])
    lines.push(
      `envoy_cluster_upstream_rq_xx{${cluster(1)},envoy_response_code_class="${code}"} ${(code === '5') === bad ? scrapes : 0}`,
    );
  return `${lines.join('\n')}\n`;
}

/** One Prometheus that holds the same service of two clusters: here all is well, there nothing is. */
beforeAll(async () => {
  const programs = (await bringParts(['monitoring'])).get('monitoring')!;
  promtool = join(programs, 'usr/bin/promtool');
  root = await mkdtemp(join(tmpdir(), 'fairway-clusters-'));
  const scrapes = { eu: 0, us: 0 };
  exporter = createServer((asked, answer) => {
    if (asked.url === '/none') return void answer.end('');
    const bad = asked.url === '/us';
    answer.end(metrics((scrapes[bad ? 'us' : 'eu'] += 1), bad));
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => exporter.once('listening', resolve));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  store404 = createServer((asked, answer) => {
    if (/^\/api\/v1\/(targets|rules)/.test(asked.url ?? ''))
      return void answer.writeHead(404).end('404 page not found');
    void fetch(`${url}${asked.url}`).then(async found => answer.writeHead(found.status).end(await found.text()));
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => store404.once('listening', resolve));
  const rules = rulesOf(envoyGateway, store);
  // the alerts wait for hours; one that fires at once shows whose it is
  const hurried = JSON.parse(JSON.stringify({ groups: rules }).replaceAll(/"for":"\w+"/g, '"for":"0s"')) as unknown;
  await writeFile(join(root, 'rules.yml'), stringify(hurried));
  const target = (cluster: string, path: string) => ({
    targets: [`127.0.0.1:${(exporter.address() as AddressInfo).port}`],
    labels: {
      cluster,
      __metrics_path__: path,
      revision: '1a2b',
      users: 'true',
      namespace: 'llm',
      pod: `hello-${path.slice(1)}`,
    },
  });
  await writeFile(
    join(root, 'prometheus.yml'),
    stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yml'],
      scrape_configs: [
        {
          job_name: 'fairway/llm/hello',
          static_configs: [target('prod-eu', '/eu'), target('prod-us', '/us')],
        },
        { job_name: 'other', static_configs: [target('prod-eu', '/none')] },
      ],
    }),
  );
  server = startProgram(root, join(programs, 'usr/bin/prometheus'), [
    '--config.file=prometheus.yml',
    '--storage.tsdb.path=data',
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  await until('the rules', async () => {
    const found = await prometheus(url, signal)
      .query(badShareRecord('5m'))
      .catch(() => []);
    return found.filter(({ value }) => Number.isFinite(value)).length === 3;
  });
});

afterAll(async () => {
  exporter?.close();
  store404?.close();
  await server?.stop();
  await rm(root, { recursive: true });
});

function rulesOf(gateway: GatewayTarget, series: ClusterSeries) {
  return ruleGroups(service, profile, gateway, indicatorsOf(service, profile, gateway, edges, series), series);
}

/** All that Fairway has evaluated of the service. */
function expressions(gateway: GatewayTarget, series: ClusterSeries): readonly string[] {
  return rulesOf(gateway, series).flatMap(({ rules }) => rules.map(({ expr }) => expr));
}

test("promtool's own parser finds the label in every selector of every rule and query", async () => {
  const traffic = envoyGateway.versionTraffic(route, 'hello', '1a2b', store)!;
  const asked: string[] = [];
  const recorder = (answers: object[]) => ({
    query: async (text: string) => (asked.push(text), answers as []),
    queryRange: async (text: string) => (asked.push(text), []),
    targets: async () => [{ health: 'up', labels: { job: 'fairway/llm/hello', revision: '1a2b' } }] as never,
  });
  const watch = await VersionWatch.open(
    recorder([{ metric: { le: '0.5' }, value: 1 }]),
    traffic,
    service,
    profile,
    '1a2b',
  );
  await watch.begin();
  const moments = { from: 0, to: 60, step: 60, window: '5m' as const };
  await readIndicators(recorder([]), store, service, { ...service, gateway: undefined }, moments);
  const verifier = recorder([]) as never;
  await seeEngine(verifier, service, profile, '1a2b', true);
  await seeGateway(verifier, service, envoyGateway);
  await bucketEdges(verifier, service, profile, envoyGateway);
  const strict = [...asked, ...Object.values(traffic), ...gatewayTargets.flatMap(of => expressions(of, store))];
  const inCluster = seriesInCluster(service);
  const scaler = JSON.parse(JSON.stringify(versionScaler(service, '1a2b'))) as {
    spec: { triggers: { metadata: { query: string } }[] };
  }[];
  const loose = [
    ...gatewayTargets.flatMap(of => expressions(of, inCluster)),
    ...gatewayTargets.flatMap(of =>
      dashboardRows(service, profile, of, indicatorsOf(service, profile, of, edges, inCluster)).flatMap(({ panels }) =>
        panels.flatMap(({ queries }) => queries.map(({ expr }) => expr)),
      ),
    ),
    ...scaler.flatMap(({ spec }) => spec.triggers.map(({ metadata }) => metadata.query)),
  ];
  expect([asked.length > 15, loose.length > 60]).toEqual([true, true]);
  const unlabelled: string[] = [];
  for (const [texts, type, value] of [
    [strict, '=', 'prod-eu'],
    [loose, '=~', 'prod-eu|'],
  ] as const) {
    // changes nothing where each selector has it already
    const isLabelled = async (text: string) =>
      (await promql(['format', text])) ===
      (await promql(['label-matchers', 'set', '--type', type, text, 'cluster', value]));
    const all = [...new Set(texts)].filter(text => !recordedOnly(text));
    // many in one, since each look starts a program
    for (let from = 0; from < all.length; from += 25) {
      const some = all.slice(from, from + 25);
      if (await isLabelled(some.map(text => `(${text})`).join(' or '))) continue;
      for (const text of some) if (!(await isLabelled(text))) unlabelled.push(text);
    }
  }
  expect(unlabelled).toEqual([]);
});

test.each([
  ['a store of several clusters', storedSeries],
  ['a Prometheus of one cluster, which may not see the label', seriesInCluster],
])('the rules for %s pass their own tests, in which a neighbour is as bad as can be', async (_name, seriesOf) => {
  const series = seriesOf(service);
  for (const [index, gateway] of gatewayTargets.entries()) {
    // an engine with histograms and one without
    const engine = engineProfile(index % 2 === 0 ? 'vllm' : 'llamacpp');
    const indicators = indicatorsOf(service, engine, gateway, edges, series);
    const found = await check(
      promtool,
      {
        rules: stringify({ groups: ruleGroups(service, engine, gateway, indicators, series) }),
        scrape: stringify(scrapeFile(service, engine, {})),
        tests: file => ruleTests(service, engine, gateway, indicators, series, file),
      },
      signal,
    );
    expect(found.problem).toBeUndefined();
  }
});

test('a rule that asks for no label fails those tests', async () => {
  const all = ClusterSeries.labelled();
  const careless = rulesOf(envoyGateway, all);
  const indicators = indicatorsOf(service, profile, envoyGateway, edges, store);
  const found = await check(
    promtool,
    {
      rules: stringify({ groups: careless }),
      scrape: stringify({ scrape_configs: [] }),
      tests: file => ruleTests(service, profile, envoyGateway, indicators, store, file),
    },
    signal,
  );
  expect(found.problem && english(found.problem)).toContain("promtool refuses the rules' tests");
  expect(found.output).toContain('ratio_rate5m > 0');
});

test('what is recorded and what fires is of one cluster', async () => {
  const asked = prometheus(url, signal);
  const shares = await asked.query(`${badShareRecord('5m')}{${recordedOf(service)}}`);
  expect(shares.map(({ metric, value }) => [metric['objective'], metric['cluster'], value]).sort()).toEqual([
    ['availability', 'prod-eu', 0],
    ['inter-token-latency', 'prod-eu', 0],
    ['time-to-first-token', 'prod-eu', 0],
  ]);
  // the neighbour alone would burn all its budgets; the GPUs, the mesh and the certificates are not there
  const alerts = await asked.query('ALERTS{alertname="FairwayErrorBudgetBurn"}');
  expect(alerts).toEqual([]);
  const requests = await asked.query(`service:requests:rate5m{${recordedOf(service)}}`);
  expect(requests.map(({ metric }) => metric['cluster'])).toEqual(['prod-eu']);
});

test('a release sees the users of its own cluster', async () => {
  const asked = prometheus(url, signal);
  const traffic = envoyGateway.versionTraffic(route, 'hello', '1a2b', store)!;
  const watch = await VersionWatch.open(asked, traffic, service, profile, '1a2b');
  await watch.begin();
  await new Promise(resolve => setTimeout(resolve, 4000));
  const seen = await watch.look();
  expect(seen.users).toBeGreaterThan(1);
  expect(seen.availability).toEqual({ events: seen.users, bad: 0 });
  expect(seen.latencies['time-to-first-token']).toMatchObject({ bad: 0, leastBad: 0 });
  const mixed = tinyService({ ...service, monitoring: undefined, mesh: undefined, scaling: undefined });
  const blind = await VersionWatch.open(
    asked,
    envoyGateway.versionTraffic(route, 'hello', '1a2b', ClusterSeries.labelled())!,
    mixed,
    profile,
    '1a2b',
  );
  await blind.begin();
  await new Promise(resolve => setTimeout(resolve, 3000));
  expect((await blind.look()).availability.bad).toBeGreaterThan(0);
});

test('a candidate is held to the pace of the version that serves, by what the store holds of it', async () => {
  const asked = prometheus(url, signal);
  // with ten answers over the median there are enough
  const objective = { percentile: 50, milliseconds: 60_000 };
  const objectives = { timeToFirstToken: objective, interTokenLatency: { percentile: 50, milliseconds: 200 } };
  const quick = tinyService({ namespace: 'llm', engine: { name: 'vllm' }, monitoring: service.monitoring, objectives });
  await until('twenty answers', async () => {
    const [answers] = await asked.query('increase(vllm:time_to_first_token_seconds_count{cluster="prod-eu"}[10m])');
    return (answers?.value ?? 0) > 21;
  });
  // twice its first edge is within the second one; between tokens the objective is stricter
  expect(await pacesBeside(asked, quick, profile, '1a2b')).toEqual({
    'time-to-first-token': { milliseconds: 2500, ofStable: 500 },
  });
  expect(await pacesBeside(asked, quick, profile, 'never-deployed')).toEqual({});
});

test('what an engine exposes under another name than Fairway knows is said, and what it has is not', async () => {
  const { differences } = await asExposed(prometheus(url, signal), service, profile, '1a2b');
  expect(differences).toContainEqual(expect.stringMatching(/^vllm has no metric vllm:kv_cache_usage_perc; /));
  for (const there of ['num_requests_running', 'time_to_first_token_seconds', 'inter_token_latency_seconds'])
    expect(differences.filter(text => text.startsWith(`vllm has no metric vllm:${there};`))).toEqual([]);
});

test('the portal draws the cluster that it is asked for', async () => {
  const asked = prometheus(url, signal);
  const now = Math.floor(Date.now() / 1000);
  const moments = { from: now - 2, to: now, step: 1, window: '5m' as const };
  const promises = { ...service, gateway: undefined };
  const here = await readIndicators(asked, store, service, promises, moments);
  const names = ['availability', 'time-to-first-token', 'inter-token-latency'];
  expect(here.objectives.slice(0, 3).map(({ name, badLastHour }) => [name, badLastHour])).toEqual(
    names.map(name => [name, 0]),
  );
  const last = (of: typeof here) => of.latencies[0]?.lines.map(({ values }) => values.at(-1)) ?? [];
  expect(last(here).length).toBeGreaterThan(0);
  expect(last(here).every(value => value! <= 500)).toBe(true);
  const there = await readIndicators(asked, ClusterSeries.labelled({ cluster: 'prod-us' }), service, promises, moments);
  // the neighbour has no rules here, and its answers are late
  expect(there.objectives[0]?.badLastHour).toBeUndefined();
  expect(last(there)).toHaveLength(last(here).length);
  expect(last(there).every(value => value! >= 2500)).toBe(true);
});

test('targets and rules are asked for by name, and those of others are none', async () => {
  const asked = prometheus(url, signal);
  expect((await asked.targets('other')).map(({ labels }) => labels['job'])).toEqual(['other']);
  expect((await targetsOf(asked, service, false)).map(({ labels }) => labels['cluster'])).toEqual(['prod-eu']);
  expect(await seeEngine(asked, service, profile, '1a2b', false)).toEqual([]);
  expect(await seeEngine(asked, service, profile, 'ffff', false)).toEqual([
    reasonOf('monitor.noTarget', { revision: 'ffff' }),
  ]);
  expect(await seeGateway(asked, service, envoyGateway)).toEqual([]);
  const [first = '', ...more] = groupNames(service);
  expect((await asked.rules([first])).map(({ name }) => name)).toEqual([first]);
  expect((await asked.rules([...more, 'none'])).map(({ name }) => name).sort()).toEqual(more.toSorted());
  const rules = rulesOf(envoyGateway, store);
  expect(await seeRules(asked, rules)).toEqual([]);
});

test('where a store has no list of targets, those that were scraped last are seen; one of rules is missed', async () => {
  const asked = prometheus(`http://127.0.0.1:${(store404.address() as AddressInfo).port}`, signal);
  expect(await targetsOf(asked, service, true)).toMatchObject([
    { health: 'up', scrapeUrl: 'hello-eu', labels: { cluster: 'prod-eu', revision: '1a2b' } },
  ]);
  expect(await seeEngine(asked, service, profile, '1a2b', true)).toEqual([]);
  expect(await seeRules(asked, [{ name: 'a', rules: [] }])).toEqual([reasonOf('monitor.rulesUnsaid')]);
});

/** What the rules record has the labels itself, also where the series that it is made of need not have them. */
function recordedOnly(text: string): boolean {
  return text.startsWith('(service:error_events') && !/[^_:](up|vllm:|envoy|istio|kube_|DCGM|pilot)\w*\{/.test(text);
}

async function promql(words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(promtool, ['--experimental', 'promql', ...words]);
  return stdout.trim();
}
