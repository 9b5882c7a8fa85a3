import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { engineProfiles } from '@fairway/engines';
import { english } from '@fairway/service/reasons/delivery-reason';
import { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { kubeConfigOf } from '../../../../test/fixtures/kube-config.ts';
import { inEnglish } from '../../../../test/fixtures/in-english.ts';
import { againstSchema } from '../../../../test/fixtures/kubernetes-types.ts';
import { tinyService } from '../../../../test/fixtures/service.ts';
import { adapterRules } from './adapter-rules.ts';
import { holdPods, idleScaler, letPodsGo, missingScaler, versionScaler } from './scaler.ts';

const service = (scaling: object = {}, engine = 'vllm') =>
  tinyService({
    namespace: 'llm',
    engine: { name: engine },
    model: { name: 'tiny', path: engine === 'llamacpp' ? 'model/tiny.gguf' : 'model/tiny' },
    resources: { replicas: 2 },
    serving: { sequences: 40 },
    scaling: { by: 'hpa', max: 8, ...scaling },
  });

interface Autoscaler extends KubernetesObject {
  readonly spec: { readonly metrics: readonly { readonly pods: { metric: { name: string }; target: object } }[] };
}

const autoscaler = (scaling?: object, engine?: string) =>
  versionScaler(service(scaling, engine), '1a2b3c4d')[0] as Autoscaler;

test('the autoscaler goes by what waits and by the cache, and takes one pod in five minutes', () => {
  const object = autoscaler({ min: 2, waiting: 3, use: 70 });
  expect(againstSchema(object)).toEqual([]);
  const metric = (name: string, averageValue: string) => ({
    type: 'Pods',
    pods: { metric: { name }, target: { type: 'AverageValue', averageValue } },
  });
  expect(object).toEqual({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: {
      name: 'hello-1a2b3c4d',
      namespace: 'llm',
      labels: {
        'app.kubernetes.io/name': 'hello',
        'app.kubernetes.io/managed-by': 'fairway',
        'fairway.dev/revision': '1a2b3c4d',
      },
    },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'hello-1a2b3c4d' },
      minReplicas: 2,
      maxReplicas: 8,
      metrics: [metric('fairway_requests_waiting', '3'), metric('fairway_kv_cache_usage', '700m')],
      behavior: {
        scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: 'Pods', value: 1, periodSeconds: 300 }] },
      },
    },
  });
});

test('an engine that does not tell about its cache is scaled by the requests that run', () => {
  expect(autoscaler({ use: 50 }, 'llamacpp').spec.metrics.map(({ pods }) => pods)).toEqual([
    { metric: { name: 'fairway_requests_waiting' }, target: { type: 'AverageValue', averageValue: '2' } },
    { metric: { name: 'fairway_requests_running' }, target: { type: 'AverageValue', averageValue: '20' } },
  ]);
});

// the canonical form of Kubernetes' "Quantity": no fraction, and the largest exponent
test.each([
  [0.0001, '1m'],
  [0.25, '250m'],
  [2.5, '2500m'],
  [1500, '1500'],
  [2000, '2k'],
])('%p is written as Kubernetes does, as %s, so that a comparison finds no difference', (waiting, expected) => {
  expect(autoscaler({ waiting }).spec.metrics[0]!.pods.target).toMatchObject({ averageValue: expected });
});

test('a field that Kubernetes does not know is found by its description', () => {
  const { spec, ...object } = autoscaler();
  expect(againstSchema({ ...object, spec: { ...spec, minReplicas: '1', triggers: [] } } as KubernetesObject)).toEqual([
    'spec.minReplicas: "1" is no number',
    'spec.triggers is no field of V2HorizontalPodAutoscalerSpec',
  ]);
});

interface Rule {
  readonly seriesQuery: string;
  readonly name: { readonly as: string };
  readonly metricsQuery: string;
}

test('the rules of the adapter give every metric that the autoscaler of any engine asks for', () => {
  const { rules } = parse(adapterRules()) as { rules: readonly Rule[] };
  const scaled = engineProfiles.filter(({ metrics }) => metrics.requestsWaiting);
  expect(scaled.length).toBeGreaterThan(2);
  for (const { name, metrics } of scaled) {
    const asked = autoscaler({}, name).spec.metrics.map(({ pods }) => pods.metric.name);
    const found = rules.filter(({ name: { as } }) => asked.includes(as));
    expect(found).toHaveLength(2);
    expect(found[0]!.seriesQuery).toMatch(new RegExp(`["|]${metrics.requestsWaiting}["|]`));
  }
});

test('a pod that is scraped twice counts once, and what it had under an older name counts too', () => {
  const { rules } = parse(adapterRules()) as { rules: readonly Rule[] };
  const matchers =
    '__name__=~"sglang:token_usage|vllm:gpu_cache_usage_perc|vllm:kv_cache_usage_perc",job=~"fairway/.+"';
  expect(rules.find(({ name }) => name.as === 'fairway_kv_cache_usage')).toEqual({
    seriesQuery: `{${matchers},namespace!="",pod!=""}`,
    resources: { overrides: { namespace: { resource: 'namespace' }, pod: { resource: 'pod' } } },
    name: { as: 'fairway_kv_cache_usage' },
    metricsQuery: `avg by (<<.GroupBy>>) ({${matchers},<<.LabelMatchers>>})`,
  });
});

test('the documentation shows the rules', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../../docs/scaling.md'), 'utf8');
  expect(page.replaceAll(/^ {3}/gm, '')).toContain(`\`\`\`yaml\n${adapterRules()}\`\`\``);
});

describe('in a cluster', () => {
  /** By path; what is absent is 404, and a number is a status. */
  let answers: Record<string, object | number>;
  let patched: [path: string, body: string][];
  let cluster: Cluster;
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '', 'http://server').pathname;
    const body = await text(request);
    if (request.method === 'PATCH') patched.push([path, body]);
    const answer = answers[path] ?? 404;
    if (typeof answer === 'number') return void response.writeHead(answer).end('{}');
    response.end(JSON.stringify(answer));
  });
  beforeAll(async () => {
    const config = await kubeConfigOf(server, 'prod');
    cluster = new Cluster(config, 'prod');
  });
  beforeEach(() => {
    [answers, patched] = [{}, []];
    cluster = new Cluster(cluster.kubeConfig, 'prod');
  });
  afterAll(() => (server.closeAllConnections(), server.close()));

  const group = '/apis/custom.metrics.k8s.io';
  const serves = (...names: string[]) => {
    answers[group] = { preferredVersion: { groupVersion: 'custom.metrics.k8s.io/v1beta1' } };
    answers[`${group}/v1beta1`] = { resources: names.map(name => ({ name, kind: 'MetricValueList' })) };
  };

  test('without metrics of pods is said to lack an adapter', async () => {
    expect(inEnglish(await missingScaler(cluster, service())).missing).toMatch(
      /^The cluster of context "prod" does not serve custom\.metrics\.k8s\.io, .* Have prometheus-adapter installed there/,
    );
  });

  test('whose adapter has other metrics may only be new, and one that has them lacks nothing', async () => {
    serves('pods/fairway_requests_waiting', 'pods/http_requests');
    const { missing, unknown } = await missingScaler(cluster, service());
    expect(missing).toBeUndefined();
    expect(unknown).toMatch(/has no pods\/fairway_kv_cache_usage yet\./);
    serves('pods/fairway_requests_waiting', 'pods/fairway_kv_cache_usage');
    expect(await missingScaler(cluster, service())).toEqual({});
  });

  test('without KEDA is said to lack it where KEDA is asked for, and nothing where nobody scales', async () => {
    const keda = service({ by: 'keda', prometheus: 'http://prometheus:9090' });
    expect(inEnglish(await missingScaler(cluster, keda)).missing).toMatch(/does not serve ScaledObject .* Have KEDA/);
    expect(await missingScaler(cluster, tinyService())).toEqual({});
  });

  const autoscalers = '/apis/autoscaling/v2/namespaces/llm/horizontalpodautoscalers/hello-1a2b3c4d';
  const scaledObjects = '/apis/keda.sh/v1alpha1/namespaces/llm/scaledobjects/hello-1a2b3c4d';
  const both = () => {
    const kind = (name: string, kindName: string) => ({ resources: [{ name, kind: kindName, namespaced: true }] });
    answers['/apis/autoscaling/v2'] = kind('horizontalpodautoscalers', 'HorizontalPodAutoscaler');
    answers['/apis/keda.sh/v1alpha1'] = kind('scaledobjects', 'ScaledObject');
  };

  // "setting the scaleDown.selectPolicy to a value of Disabled turns off downscaling", Kubernetes' documentation
  test('a release takes from the autoscaler the right to take pods, and gives it back', async () => {
    both();
    answers[autoscalers] = autoscaler();
    await holdPods(cluster, service(), '1a2b3c4d');
    await letPodsGo(cluster, service(), '1a2b3c4d');
    const policy = (selectPolicy: string | null) =>
      JSON.stringify({ spec: { behavior: { scaleDown: { selectPolicy } } } });
    expect(patched).toEqual([
      [autoscalers, policy('Disabled')],
      [autoscalers, policy(null)],
    ]);
  });

  test('a version that was delivered with KEDA is held as KEDA is, by whatever the file says now', async () => {
    both();
    answers[scaledObjects] = { ...autoscaler(), apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' };
    await holdPods(cluster, service(), '1a2b3c4d');
    expect(patched.map(([path]) => path)).toEqual([scaledObjects]);
  });

  test('a login that may not look at the other kind has made none of it, and one that may not look at its own is an error', async () => {
    both();
    answers[scaledObjects] = 403;
    answers[autoscalers] = autoscaler();
    await holdPods(cluster, service(), '1a2b3c4d');
    expect(patched.map(([path]) => path)).toEqual([autoscalers]);
    answers[autoscalers] = 403;
    await expect(holdPods(cluster, service(), '1a2b3c4d')).rejects.toThrow(/403/);
    // who goes back without the file
    delete answers[scaledObjects];
    await expect(holdPods(cluster, { namespace: 'llm', name: 'hello' }, '1a2b3c4d')).resolves.toBeUndefined();
  });

  // as kube-controller-manager 1.34 and KEDA 2.21 write their conditions
  const idle = async (one: ReturnType<typeof service>) => {
    const reason = await idleScaler(cluster, one, '1a2b3c4d');
    return reason && english(reason);
  };
  const says = (type: string, status: string, reason: string, message: string) => ({
    ...autoscaler(),
    status: {
      conditions: [
        { type: 'AbleToScale', status: 'True' },
        { type, status, reason, message },
      ],
    },
  });

  test('an autoscaler without numbers is said in its words, and one that has them is not', async () => {
    both();
    const words =
      'the HPA was unable to compute the replica count: unable to get metric fairway_requests_waiting: no metrics returned from custom metrics API';
    answers[autoscalers] = says('ScalingActive', 'False', 'FailedGetPodsMetric', words);
    expect(await idle(service())).toMatch(
      /^Nothing sets how many pods hello-1a2b3c4d has, .* Its HorizontalPodAutoscaler says: the HPA was unable .*API\. Look at what it asks/,
    );
    answers[autoscalers] = says('ScalingActive', 'True', 'ValidMetricFound', 'the HPA was able to');
    expect(await idle(service())).toBeUndefined();
    answers[autoscalers] = says('ScalingActive', 'False', 'ScalingDisabled', 'scaling is disabled');
    expect(await idle(service())).toBeUndefined();
  });

  test('KEDA whose Prometheus does not answer is said too', async () => {
    both();
    const keda = service({ by: 'keda', prometheus: 'http://prometheus:9090' });
    const words = 'Triggers defined in ScaledObject are not working correctly';
    answers[scaledObjects] = says('Ready', 'False', 'TriggerError', words);
    expect(await idle(keda)).toContain(`Its ScaledObject says: ${words}.`);
    delete answers[scaledObjects];
    expect(await idle(keda)).toBeUndefined();
    expect(await idle(tinyService())).toBeUndefined();
  });
});
