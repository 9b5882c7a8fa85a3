import { parseServiceFile } from '@fairway/service';
import { checkScaling, versionScaler } from './scaler.ts';

function file(engine: string, scaling: string) {
  const model = { vllm: 'hf://a/b@' + '0'.repeat(40), sglang: 'hf://a/b@' + '0'.repeat(40) }[engine];
  return parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
namespace: llm
owner: team-a
engine: { name: ${engine} }
model: { name: hello, ${model ? `reference: '${model}'` : 'path: hello.gguf'} }
resources: { replicas: 2 }
serving: { sequences: 40 }
scaling: ${scaling}
`,
    '.',
    'fairway.yaml',
  );
}

interface Scaler {
  readonly spec: {
    readonly minReplicaCount: number;
    readonly maxReplicaCount: number;
    readonly triggers: readonly {
      readonly metadata: Readonly<Record<'query' | 'threshold' | 'ignoreNullValues', string>>;
    }[];
  };
}

function measured(engine: string, scaling: string) {
  const [scaler] = versionScaler(file(engine, scaling).service, '1a2b3c4d') as unknown as readonly Scaler[];
  return Object.fromEntries(scaler!.spec.triggers.map(({ metadata }) => [metadata.query, metadata.threshold]));
}

const prometheus = 'prometheus: http://prometheus.monitoring:9090';
const of = (...names: string[]) =>
  `sum(${names.map(name => `${name}{job="fairway/llm/hello",revision="1a2b3c4d"}`).join(' or ')})`;

test('vLLM is scaled by the requests that wait and by its cache', () => {
  expect(measured('vllm', `{ max: 8, waiting: 3, use: 70, ${prometheus} }`)).toEqual({
    [of('vllm:num_requests_waiting')]: '3',
    [of('vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc')]: '0.7',
  });
});

test('an answer without numbers is an error, and not zero', () => {
  const [scaler] = versionScaler(
    file('vllm', `{ max: 8, ${prometheus} }`).service,
    '1a2b3c4d',
  ) as unknown as readonly Scaler[];
  // KEDA's documentation: "Set to `false` the scaler will return error when Prometheus target is lost"
  expect(scaler!.spec.triggers.map(({ metadata }) => metadata.ignoreNullValues)).toEqual(['false', 'false']);
});

test('an engine that does not tell about its cache is scaled by the requests that run', () => {
  expect(measured('llamacpp', `{ max: 8, use: 50, ${prometheus} }`)).toEqual({
    [of('llamacpp:requests_deferred')]: '2',
    [of('llamacpp:requests_processing')]: '20',
  });
});

test('an engine without metrics cannot be scaled, and is reported where it is asked for', () => {
  expect(() => checkScaling(file('transformers', `{ max: 8, ${prometheus} }`))).toThrow(
    /^fairway\.yaml:10:10: `scaling` goes by the metrics of the engine, and transformers does not tell/,
  );
  expect(() => checkScaling(file('llamacpp', `{ max: 8, ${prometheus} }`))).not.toThrow();
});

test.each([
  [`{ max: 1, ${prometheus} }`, '`resources.replicas` is the number of pods that a version starts with'],
  [`{ min: 3, max: 2, ${prometheus} }`, '`scaling.max` must be at least the 3 of `scaling.min`'],
  ['{ max: 4 }', '`scaling.prometheus` is missing: KEDA asks it for the metrics of the engine'],
  [`{ by: hpa, max: 4, ${prometheus} }`, '`scaling.prometheus` is asked by KEDA, and with `by: hpa` an adapter'],
  ['{ by: hpa, min: 0, max: 4 }', '`scaling.min` must be 1 or more with `by: hpa`'],
  ['{ max: 4, prometheus: prometheus }', '`scaling.prometheus` must be an address with http:// or https://'],
  [`{ max: 4, ${prometheus} }\nrelease: { surge: 1 }`, '`release.surge` makes a release change how many pods'],
])('%s is rejected', (scaling, expected) => {
  expect(() => file('vllm', scaling)).toThrow(expected);
});

describe('a service that sleeps', () => {
  const scaler = (min: number) =>
    versionScaler(
      file('vllm', `{ min: ${min}, idleSeconds: 600, max: 8, ${prometheus} }`).service,
      '1a2b3c4d',
    )[0] as unknown as Scaler & { spec: Record<string, unknown> };
  const users = 'envoy_cluster_name=~"httproute/llm/hello-(chat|models)/rule/1/.*"';
  const use = `sum(increase(envoy_cluster_upstream_rq_total{${users}}[2m])) + sum(envoy_cluster_upstream_rq_active{${users}})`;

  test('has no pods when nobody asked for as long as the file says', () => {
    expect(scaler(0).spec).toMatchObject({ minReplicaCount: 0, cooldownPeriod: 600, initialCooldownPeriod: 600 });
    expect(scaler(1).spec).not.toHaveProperty('cooldownPeriod');
  });

  test('is in use while the gateway has requests for it, and an engine without pods is no error else', () => {
    const queries = scaler(0).spec.triggers.map(({ metadata }) => metadata.query);
    expect(queries.slice(0, 2)).toEqual(
      [of('vllm:num_requests_waiting'), of('vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc')].map(
        query => `${query} or (vector(0) and (${use} == 0))`,
      ),
    );
    expect(queries[2]).toBe(`clamp_max(${use}, 1)`);
  });

  test('is woken by those that wait, as the activator counts them', () => {
    expect(scaler(0).spec.triggers[3]).toEqual({
      type: 'metrics-api',
      metricType: 'AverageValue',
      metadata: { url: 'http://hello-1a2b3c4d-act.llm:9465/waiting', valueLocation: 'waiting', targetValue: '40' },
    });
    expect(scaler(1).spec.triggers).toHaveLength(2);
  });
});
