import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '@fairway/clients/docker/free-port';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import { serviceLabels } from '@fairway/clients/kubernetes/names';
import { checkRules, prometheus } from '@fairway/clients/prometheus/index';
import { bringParts } from '../bring-parts.ts';
import { applyCustomResources } from '@fairway/platform/serving/custom-resources';
import { parseManifest } from '@fairway/platform/serving/manifests';
import type { GivenInputs } from '@fairway/stage';
import { removeCommand } from '@fairway/cli/remove-command';
import { putObjects } from '../../actions/monitor/src/put.ts';
import { applyDefinitions, startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { startProgram, until } from '../controllers.ts';
import { startMimirRuler } from '../fixtures/mimir-ruler.ts';
import type { MimirRuler } from '../fixtures/mimir-ruler.ts';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { serviceFolder } from '../service-folder.ts';
import { prometheusOperatorDefinitions } from '../upstream-parts.ts';

jest.setTimeout(400_000);

const { signal } = new AbortController();
const namespace = 'fairway.llm.hello.prod-eu';
let root: string;
let server: BareApiServer;
let exporter: Server;
let mimir: MimirRuler;
let evaluator: { stop(): Promise<void> } | undefined;
let given: GivenInputs;

const api = 'monitoring.coreos.com/v1';
const metadata = { name: 'hello', namespace: 'llm', labels: serviceLabels('hello') };

/** What an agent in the cluster would send to the store, with the cluster's label. */
function metrics(): string {
  const lines = ['vllm:num_requests_running 0', 'vllm:num_requests_waiting 0'];
  for (const metric of ['vllm:time_to_first_token_seconds', 'vllm:inter_token_latency_seconds'])
    for (const le of ['0.1', '0.5', '2.5', '+Inf']) lines.push(`${metric}_bucket{le="${le}"} 1`);
  lines.push(
    'envoy_cluster_upstream_rq_xx{envoy_cluster_name="httproute/llm/hello-chat/rule/1/backend/0",envoy_response_code_class="2"} 1',
  );
  return `${lines.join('\n')}\n`;
}

/** A Mimir whose rules a real Prometheus evaluates, over what that scrapes. */
beforeAll(async () => {
  const parts = await bringParts(['kubernetes', 'gateway-definitions', 'monitoring'], [prometheusOperatorDefinitions]);
  root = await mkdtemp(join(tmpdir(), 'fairway-ruler-'));
  for (const folder of ['server', 'rules']) await mkdir(join(root, folder));
  server = await startBareApiServer(parts.get('kubernetes')!, join(root, 'server'));
  await applyCustomResources(server.cluster, parts.get('gateway-definitions')!, signal, () => undefined);
  const operator = await readFile(join(parts.get('prometheus-operator')!, 'bundle.yaml'), 'utf8');
  const definitions = parseManifest(operator, 'bundle.yaml').filter(({ kind }) => kind === 'CustomResourceDefinition');
  await applyDefinitions(server.cluster, definitions);
  await applyObjects(server.cluster, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'llm' } }]);
  exporter = createServer((_asked, answer) => answer.end(metrics())).listen(0, '127.0.0.1');
  await new Promise(resolve => exporter.once('listening', resolve));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const promtool = join(parts.get('monitoring')!, 'usr/bin/promtool');
  mimir = await startMimirRuler({
    token: 'hush',
    changed: async stored => {
      for (const file of await readdir(join(root, 'rules'))) await rm(join(root, 'rules', file));
      for (const [name, groups] of stored)
        await writeFile(join(root, 'rules', `${name}.yml`), stringify({ groups: [...groups.values()] }));
      await prometheus(url, signal).reload();
    },
  });
  mimir.invalid = async group => {
    const file = join(root, 'group.yml');
    await writeFile(file, stringify({ groups: [group] }));
    const { ok, output } = await checkRules(promtool, file, signal);
    return ok ? undefined : output;
  };
  const labels = { cluster: 'prod-eu', revision: '1a2b', users: 'true' };
  await writeFile(
    join(root, 'prometheus.yml'),
    stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['rules/*.yml'],
      scrape_configs: [
        {
          job_name: 'serviceMonitor/llm/hello/0',
          static_configs: [{ targets: [`127.0.0.1:${(exporter.address() as AddressInfo).port}`], labels }],
          relabel_configs: [{ target_label: 'job', replacement: 'fairway/llm/hello' }],
        },
      ],
    }),
  );
  evaluator = startProgram(root, join(parts.get('monitoring')!, 'usr/bin/prometheus'), [
    '--config.file=prometheus.yml',
    '--storage.tsdb.path=data',
    '--web.enable-lifecycle',
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  await until(
    'the first scrape',
    async () =>
      (
        await prometheus(url, signal)
          .query('up')
          .catch(() => [])
      ).length > 0,
  );
  given = {
    kubeconfig: server.kubeconfig,
    context: server.context,
    revision: '1a2b',
    promtool,
    'prometheus-url': url,
    'prometheus-token': 'hush',
    'ruler-url': mimir.url,
  };
});

afterAll(async () => {
  exporter?.close();
  mimir?.stop();
  await evaluator?.stop();
  await server?.stop();
  await rm(root, { recursive: true });
});

const service = (availability: number) =>
  serviceFolder(
    root,
    'hello',
    `namespace: llm
model: { name: hello, reference: 'hf://a/b@${'0'.repeat(40)}' }
objectives: { availability: ${availability} }
monitoring: { labels: { cluster: prod-eu } }
`,
  );

const expressions = () =>
  [...mimir.stored.get(namespace)!.values()].flatMap(({ rules }) => rules.map(({ expr }) => String(expr)));

test('monitor gives the rules to the ruler, sees them evaluated, and takes them from the Prometheus of the cluster', async () => {
  const { cluster } = server;
  // of a delivery before there was a ruler
  const former = { apiVersion: api, kind: 'PrometheusRule', metadata, spec: { groups: [] } };
  await applyObjects(cluster, [former]);
  expect(await runLoadedStage('monitor', await service(99), given)).toMatchObject({
    verdict: 'pass',
    reason: expect.stringMatching(/^Prometheus has loaded \d+ rules and scrapes 1 pod; promtool's tests of them pass/),
  });
  expect([...mimir.stored.keys()]).toEqual([namespace]);
  expect(expressions().filter(expr => !expr.includes('cluster="prod-eu"'))).toEqual([]);
  expect(await cluster.get(former)).toBeUndefined();
  const monitor = await cluster.get({ apiVersion: api, kind: 'ServiceMonitor', metadata });
  expect(JSON.stringify(monitor?.['spec'])).toContain(
    '{"action":"replace","replacement":"prod-eu","targetLabel":"cluster"}',
  );
});

test('what the ruler rejects is said, and rules and objects are as before', async () => {
  const { cluster } = server;
  const dashboard = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hello-dashboard', namespace: 'llm' } };
  const before = [expressions(), (await cluster.get(dashboard))?.['data']];
  const judge = mimir.invalid;
  mimir.invalid = async group => (group.name.includes(':alerts:') ? 'per-user alert limit' : judge(group));
  const { verdict, reason } = await runLoadedStage('monitor', await service(95), given);
  mimir.invalid = judge;
  expect(verdict).not.toBe('pass');
  expect(reason).toMatch(/ruler: POST .*ended with 400: per-user alert limit\./);
  expect([expressions(), (await cluster.get(dashboard))?.['data']]).toEqual(before);
});

test('a ruler and a directory are two places for the same rules', async () => {
  const entry = await runLoadedStage('monitor', await service(95), { ...given, 'prometheus-directory': root });
  expect(entry.reason).toMatch(/ruler-url and prometheus-directory are given/);
});

test('the operator gets rules that a Prometheus without its own labels evaluates too, and former objects when none does', async () => {
  const { cluster } = server;
  const rule = { apiVersion: api, kind: 'PrometheusRule', metadata };
  const inputs = { ...given, 'ruler-url': undefined };
  const groupsOf = async () => ((await cluster.get(rule))?.['spec'] as { groups: object[] } | undefined)?.groups;
  /** As the operator does it: the rules of the object become a file. */
  const operate = async () => {
    await writeFile(join(root, 'rules', 'operator.yml'), stringify({ groups: (await groupsOf()) ?? [] }));
    await prometheus(given['prometheus-url'] as string, signal).reload();
  };
  // what the tests before have left in the ruler would be loaded beside it
  await rm(join(root, 'rules', `${namespace}.yml`));
  let operating = true;
  const operator = (async () => {
    for (; operating; await new Promise(resolve => setTimeout(resolve, 1000))) await operate();
  })();
  const folder = await service(99);
  expect(await runLoadedStage('monitor', folder, inputs)).toMatchObject({ verdict: 'pass' });
  operating = false;
  await operator;
  const before = await groupsOf();
  expect(JSON.stringify(before)).toContain('cluster=~\\"prod-eu|\\"');
  // nobody takes the next ones
  await service(90);
  const { verdict, reason } = await runLoadedStage('monitor', folder, inputs);
  expect(verdict).toBe('fail');
  expect(reason).toMatch(
    /Prometheus still has the former rules\. Do its serviceMonitorSelector and ruleSelector match .* The former configuration was put back\.$/,
  );
  expect(await groupsOf()).toEqual(before);
});

test('a service that is removed leaves no rules in the ruler', async () => {
  mimir.stored.set('fairway.llm.hello.prod-us', new Map([['theirs', { name: 'theirs', rules: [] }]]));
  process.env['FAIRWAY_PROMETHEUS_TOKEN'] = 'hush';
  const { kubeconfig, context } = server;
  const words = ['--service', 'llm/hello', '--kubeconfig', kubeconfig, '--context', context, '--yes'];
  const labelled = ['--ruler-url', mimir.url, '--monitoring-label', 'cluster=prod-eu'];
  expect(mimir.stored.get(namespace)?.size).toBeGreaterThan(0);
  expect(await removeCommand([...words, ...labelled], signal)).toBe(0);
  delete process.env['FAIRWAY_PROMETHEUS_TOKEN'];
  expect([...mimir.stored.keys()]).toEqual(['fairway.llm.hello.prod-us']);
  expect(await server.cluster.get({ apiVersion: api, kind: 'ServiceMonitor', metadata })).toBeUndefined();
});

test('objects that are put back are what they were, and new ones go', async () => {
  const { cluster } = server;
  const rule = (expr: string) => ({
    apiVersion: api,
    kind: 'PrometheusRule',
    metadata: { ...metadata, name: 'put' },
    spec: { groups: [{ name: 'a', rules: [{ record: 'b', expr }] }] },
  });
  const fresh = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, name: 'put' }, data: { a: '1' } };
  await applyObjects(cluster, [rule('1')]);
  const putBack = await putObjects(cluster, [rule('2'), fresh], applyObjects);
  expect((await cluster.get(rule('')))?.['spec']).toEqual(rule('2').spec);
  await putBack();
  expect((await cluster.get(rule('')))?.['spec']).toEqual(rule('1').spec);
  expect(await cluster.get(fresh)).toBeUndefined();
});
