import { createServer } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '@fairway/clients/docker/free-port';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { Condition, Deployment, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { prometheus } from '@fairway/clients/prometheus/index';
import { holdPods, letPodsGo } from '@fairway/targets/workload/scaler';
import { applyDefinitions, definitionsOf, startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { bringParts } from '../bring-parts.ts';
import { certify } from '../certify.ts';
import { startControllerManager, startPods, startProgram, until } from '../controllers.ts';
import { Engines } from '../../services/activator/src/engines.ts';
import { Activator, statusServer } from '../../services/activator/src/server.ts';
import { listen } from '../loopback.ts';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { serviceFolder } from '../service-folder.ts';
import { kedaAdapter, kedaDefinitions, kedaOperator } from '../upstream-parts.ts';

// KEDA's operator and its adapter themselves, which know every cloud: half an hour to build on two cores that others use too
jest.setTimeout(60 * 60_000);

interface Autoscaler extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

const { signal } = new AbortController();
const service = { namespace: 'assistant', name: 'assistant' };
const running: { stop(): Promise<void> }[] = [];
/** What the engines of the version say, all of them together. */
const engines = { waiting: 0, cache: 0, answer: true };
/** Users of a service that sleeps, as the gateway counts them. */
const users = { begun: 0, open: 0 };
const exporter = createServer((asked, answer) => {
  if (asked.url === '/gateway') {
    const cluster = 'envoy_cluster_name="httproute/sleeper/sleeper-chat/rule/1/backend/0"';
    return void answer.end(
      `envoy_cluster_upstream_rq_total{${cluster}} ${users.begun}\nenvoy_cluster_upstream_rq_active{${cluster}} ${users.open}\n`,
    );
  }
  if (!engines.answer) return void answer.writeHead(503).end();
  // as many as nobody has, in another version
  const share = asked.url === '/other' ? () => 1000 : (all: number) => all / 2;
  answer.end(`vllm:num_requests_waiting ${share(engines.waiting)}\nvllm:kv_cache_usage_perc ${share(engines.cache)}\n`);
});
let root: string;
let server: BareApiServer;
let programs: ReadonlyMap<string, string>;
let port: number;
let store: { stop(): Promise<void> } | undefined;
/** Of the version. */
let name: { readonly namespace: string; readonly name: string };

beforeAll(async () => {
  programs = await bringParts(['kubernetes', 'monitoring'], [kedaDefinitions, kedaOperator, kedaAdapter]);
  root = await mkdtemp(join(tmpdir(), 'fairway-keda-'));
  const certificates = join(root, 'certificates');
  await mkdir(certificates);
  await certify(certificates, 'ca');
  await certify(certificates, 'tls', 'ca');
  server = await startBareApiServer(programs.get('kubernetes')!, root, {
    'requestheader-client-ca-file': join(certificates, 'ca.crt'),
    'requestheader-username-headers': 'X-Remote-User',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'proxy-client-cert-file': join(certificates, 'tls.crt'),
    'proxy-client-key-file': join(certificates, 'tls.key'),
  });
  await applyDefinitions(server.cluster, await definitionsOf(programs.get('keda-definitions')!));
  running.push(
    startControllerManager(programs.get('kubernetes')!, root, server.kubeconfig, [
      '--horizontal-pod-autoscaler-sync-period=1s',
    ]),
    startPods(server.cluster, service.namespace),
  );
  await startKeda(certificates);
  port = await freePort();
});

afterAll(async () => {
  exporter.close();
  await store?.stop();
  for (const one of running.reverse()) await one.stop();
  await server?.stop();
  await rm(root, { recursive: true });
});

test('the operator makes the autoscaler that the file describes, and a version that nobody measures has what it starts with', async () => {
  const started = await deliver();
  expect(started).toMatchObject({ verdict: 'pass', outputs: { pods: '2' } });
  name = { ...service, name: started.outputs['deployment']! };
  await until('an autoscaler without metrics', async () => (await scaling())?.reason === 'FailedGetExternalMetric');
  const metric = (index: number, averageValue: string) => ({
    type: 'External',
    external: { metric: { name: `s${index}-prometheus` }, target: { type: 'AverageValue', averageValue } },
  });
  expect(await autoscaler()).toMatchObject({
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: name.name },
      minReplicas: 1,
      maxReplicas: 6,
      metrics: [metric(0, '2'), metric(1, '800m')],
      behavior: {
        scaleDown: {
          selectPolicy: 'Disabled',
          stabilizationWindowSeconds: 300,
          policies: [{ type: 'Pods', value: 1, periodSeconds: 300 }],
        },
      },
    },
  });
  await stays(2);
});

// "desiredReplicas = ceil[currentReplicas * (currentMetricValue / desiredMetricValue)]", Kubernetes' documentation
test('during a release requests that wait bring pods, and none goes when they are answered', async () => {
  await hurry();
  await configurePrometheus();
  store = startPrometheus();
  await until('metrics', async () => (await scaling())?.status === 'True');
  await stays(2);
  engines.waiting = 9;
  await becomes(5);
  await stays(5);
  engines.waiting = 0;
  await measured(0);
  await stays(5);
});

test('after the release the pods that nobody needs go', async () => {
  await letPodsGo(server.cluster, service, revision());
  await becomes(1);
});

test('the metric that asks for more pods decides, up to the most that the file allows', async () => {
  Object.assign(engines, { waiting: 3, cache: 3 });
  await becomes(4);
  await stays(4);
  engines.cache = 0.5;
  await becomes(2);
  engines.waiting = 100;
  await becomes(6);
  await stays(6);
});

test('the next release holds the pods again', async () => {
  await holdPods(server.cluster, service, revision());
  await until('the hold', async () =>
    JSON.stringify((await autoscaler())?.['spec']).includes('"selectPolicy":"Disabled"'),
  );
  engines.waiting = 0;
  await measured(0);
  await stays(6);
  engines.waiting = 100;
  await measured(100);
  await letPodsGo(server.cluster, service, revision());
  await stays(6);
});

test('engines that are not scraped are not engines without users', async () => {
  engines.answer = false;
  await measured(undefined);
  await stays(6);
  expect(await scaling()).toMatchObject({ status: 'False', reason: 'FailedGetExternalMetric' });
  engines.answer = true;
  await measured(100);
});

test('without Prometheus the pods stay, and when it is back they follow it', async () => {
  await store?.stop();
  Object.assign(engines, { waiting: 0, cache: 0 });
  await until('no metrics', async () => (await scaling())?.status === 'False');
  await stays(6);
  store = startPrometheus();
  await becomes(1);
});

describe('a service that sleeps', () => {
  const sleeper = { namespace: 'sleeper', name: 'sleeper' };
  const awake = new Engines();
  const activator = new Activator(awake, { requests: 10, bytes: 1000, seconds: 120 });
  const engine = createServer((_, answer) => answer.end('hello'));
  const servers = [engine, activator.server(), statusServer(activator, awake, () => true)];
  const scaled = () => ({ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: name });
  let ports: readonly number[];
  let version: string;

  beforeAll(async () => {
    ports = await Promise.all(servers.map(listen));
    running.push(startPods(server.cluster, sleeper.namespace));
    const folder = await serviceFolder(
      root,
      sleeper.name,
      `model: { name: sleeper, reference: 'hf://team/sleeper@${'0'.repeat(40)}' }
scaling: { min: 0, max: 2, prometheus: 'http://127.0.0.1:${port}' }
`,
    );
    const image = `registry.example.com/sleeper@sha256:${'cd'.repeat(32)}`;
    const inputs = { image, context: server.context, kubeconfig: server.kubeconfig, 'activator-image': image };
    const started = await runLoadedStage('deploy', folder, inputs);
    expect(started).toMatchObject({ verdict: 'pass', outputs: { pods: '1', 'cold-start': expect.any(String) } });
    version = started.outputs['revision']!;
    name = { ...sleeper, name: started.outputs['deployment']! };
    await wakeHere();
  });

  afterAll(() => {
    for (const one of servers) one.close();
  });

  /** There is no network of a cluster: KEDA asks the activator of this test. And nobody waits for a quarter of an hour. */
  async function wakeHere(): Promise<void> {
    const { spec } = (await server.cluster.get<KubernetesObject & { spec: { triggers: Trigger[] } }>(scaled()))!;
    const triggers = spec.triggers.map(one =>
      one.type === 'metrics-api'
        ? { ...one, metadata: { ...one.metadata, url: `http://127.0.0.1:${ports[2]}/waiting` } }
        : one,
    );
    await server.cluster.request('PATCH', await server.cluster.path(scaled()), {
      query: { fieldManager: 'hurry' },
      body: { spec: { triggers, pollingInterval: 1, cooldownPeriod: 2, initialCooldownPeriod: 2 } },
      contentType: 'application/merge-patch+json',
    });
  }

  interface Trigger {
    readonly type: string;
    readonly metadata: Readonly<Record<string, string>>;
  }

  async function condition(type: string): Promise<string | undefined> {
    const found = await server.cluster.get<Autoscaler>(scaled());
    return found?.status?.conditions?.find(one => one.type === type)?.status;
  }

  test('stays awake while its release holds it', async () => {
    await until('a look at it', async () => (await condition('Active')) === 'False');
    await stays(1);
  });

  test('has no pod when nobody asks, and its scaler works all the same', async () => {
    await letPodsGo(server.cluster, sleeper, version);
    await becomes(0);
    await stays(0);
    expect(await condition('Ready')).toBe('True');
  });

  test('gets a pod by a request that waits, which the pod answers, and has it for as long as somebody asks', async () => {
    users.open = 1;
    const answer = fetch(`http://127.0.0.1:${ports[1]}/v1/chat/completions`, { method: 'POST', body: '{}' });
    await becomes(1);
    awake.set([{ host: '127.0.0.1', port: ports[0]! }]);
    expect(await (await answer).text()).toBe('hello');
    await stays(1);
  });

  test('sleeps again when it was not asked for long enough', async () => {
    users.open = 0;
    await becomes(0);
  });

  test('is kept awake by answers that nobody saw while they ran', async () => {
    users.begun += 5;
    await becomes(1);
    await stays(1);
  });

  test('is not put to sleep while nobody says whether it is asked', async () => {
    await store?.stop();
    await until('no metrics', async () => (await condition('Ready')) === 'False');
    await stays(1);
    store = startPrometheus();
  });
});

async function deliver() {
  const folder = await serviceFolder(
    root,
    service.name,
    `model: { name: assistant, reference: 'hf://team/assistant@${'0'.repeat(40)}' }
resources: { replicas: 2 }
scaling: { min: 1, max: 6, waiting: 2, use: 80, prometheus: 'http://127.0.0.1:${port}' }
`,
  );
  const image = `registry.example.com/assistant@sha256:${'cd'.repeat(32)}`;
  return runLoadedStage('deploy', folder, { image, context: server.context, kubeconfig: server.kubeconfig });
}

/** As KEDA's own manifests install it, with certificates of ours, and reached on the loopback: no pod of it runs. */
async function startKeda(certificates: string): Promise<void> {
  const metricsService = `127.0.0.1:${await freePort()}`;
  const adapter = await freePort();
  const environment = { WATCH_NAMESPACE: '', KEDA_CLUSTER_OBJECT_NAMESPACE: 'keda' };
  const metadata = { namespace: 'keda', name: 'keda-metrics-apiserver' };
  await applyObjects(server.cluster, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'keda' } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { type: 'ExternalName', externalName: 'localhost' } },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.external.metrics.k8s.io' },
      spec: {
        service: { ...metadata, port: adapter },
        group: 'external.metrics.k8s.io',
        version: 'v1beta1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
      },
    },
  ]);
  running.push(
    startProgram(
      root,
      join(programs.get('keda-operator')!, 'keda-operator'),
      [
        `--kubeconfig=${server.kubeconfig}`,
        `--cert-dir=${certificates}`,
        `--metrics-service-bind-address=${metricsService}`,
        '--metrics-bind-address=0',
        '--health-probe-bind-address=0',
      ],
      environment,
    ),
    startProgram(
      root,
      join(programs.get('keda-adapter')!, 'keda-adapter'),
      [
        ...['kubeconfig', 'lister-kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'].map(
          flag => `--${flag}=${server.kubeconfig}`,
        ),
        '--bind-address=127.0.0.1',
        `--secure-port=${adapter}`,
        `--cert-dir=${certificates}`,
        `--tls-cert-file=${join(certificates, 'tls.crt')}`,
        `--tls-private-key-file=${join(certificates, 'tls.key')}`,
        `--port=${await freePort()}`,
        `--metrics-service-address=${metricsService}`,
      ],
      environment,
    ),
  );
  await until('the adapter', () =>
    server.cluster.text('GET', '/apis/external.metrics.k8s.io/v1beta1').then(
      () => true,
      () => false,
    ),
  );
}

/** Two pods of the version and one of another, with the labels that the file of `monitor` gives them. */
async function configurePrometheus(): Promise<void> {
  const address = `127.0.0.1:${await listen(exporter)}`;
  const target = (pod: string, of: string) => ({
    targets: [address],
    labels: { __metrics_path__: `/${pod}`, namespace: service.namespace, service: service.name, pod, revision: of },
  });
  await writeFile(
    join(root, 'prometheus.yml'),
    stringify({
      global: { scrape_interval: '1s' },
      scrape_configs: [
        {
          job_name: `fairway/${service.namespace}/${service.name}`,
          static_configs: [target('one', revision()), target('two', revision()), target('other', 'ffff0000')],
        },
        { job_name: 'gateway', metrics_path: '/gateway', static_configs: [{ targets: [address] }] },
      ],
    }),
  );
}

function startPrometheus() {
  return startProgram(root, join(programs.get('monitoring')!, 'usr/bin/prometheus'), [
    '--config.file=prometheus.yml',
    '--storage.tsdb.path=data',
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
}

/** The five minutes that a pod is given before it goes: nothing else of the object is changed. */
async function hurry(): Promise<void> {
  const scaleDown = { stabilizationWindowSeconds: 0, policies: [{ type: 'Pods', value: 1, periodSeconds: 1 }] };
  const path = await server.cluster.path({ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: name });
  await server.cluster.request('PATCH', path, {
    query: { fieldManager: 'hurry' },
    body: { spec: { advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown } } } } },
    contentType: 'application/merge-patch+json',
  });
  await until('the hurry', async () => JSON.stringify(await autoscaler()).includes('"periodSeconds":1}'));
}

function revision(): string {
  return name.name.slice(service.name.length + 1);
}

function autoscaler(): Promise<Autoscaler | undefined> {
  const metadata = { ...name, name: `keda-hpa-${name.name}` };
  return server.cluster.get<Autoscaler>({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata });
}

/** Whether the autoscaler has numbers to go by. */
async function scaling(): Promise<Condition | undefined> {
  return (await autoscaler())?.status?.conditions?.find(({ type }) => type === 'ScalingActive');
}

async function replicas(): Promise<number | undefined> {
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: name };
  return (await server.cluster.get<Deployment>(deployment))?.spec?.replicas;
}

function becomes(count: number): Promise<void> {
  return until(`${count} pods`, async () => (await replicas()) === count);
}

/** For eight rounds of the autoscaler. */
async function stays(count: number): Promise<void> {
  for (const end = Date.now() + 8000; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 200)))
    expect(await replicas()).toBe(count);
}

/** Until Prometheus has seen how many wait; undefined: until it has nothing of the version. */
function measured(count: number | undefined): Promise<void> {
  const query = `sum(vllm:num_requests_waiting{revision="${revision()}"})`;
  return until(`${count ?? 'none'} measured`, async () => {
    const found = await prometheus(`http://127.0.0.1:${port}`, signal).query(query);
    return found[0]?.value === count;
  });
}
