import { parseServiceFile } from '@fairway/service';
import type { ModelFacts } from '@fairway/service';
import { warnings } from './warnings.ts';

const file = (engine: string, more = '') =>
  parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team
engine: ${engine}
model: { name: tiny, path: model/tiny, license: apache-2.0 }
${more}`,
    '.',
    'fairway.yaml',
  );
const model = { license: { id: 'apache-2.0' } } as ModelFacts;
const now = new Date('2026-11-26');

test.each([
  ['{ name: vllm }', '0.24.0', /^When a pod ends, vllm 0\.24\.0 aborts .* --shutdown-timeout \d+ in engine\.arguments/],
  ['{ name: vllm }', '1.0', /aborts/],
  ['{ name: vllm }', '0.11.0', undefined],
  ['{ name: vllm }', undefined, undefined],
  ['{ name: vllm, arguments: [--shutdown-timeout=60] }', '0.24.0', undefined],
  ['{ name: transformers }', '5.19', undefined],
])('%s in version %s', (engine, version, expected) => {
  const found = warnings(file(engine, 'resources: { memory: 8Gi }\n'), model, version, now).map(one => one.message);
  expect(found).toEqual(expected === undefined ? [] : [expect.stringMatching(expected)]);
});

// https://github.com/ROCm/k8s-device-plugin/issues/39; NVIDIA's are 0666
test.each([
  ['amd-mi300x-192gb', '', /^\/dev\/kfd belongs to a group of the node, .* `ls -ln \/dev\/kfd` shows/],
  [
    'amd-mi300x-192gb',
    'workload: { patches: [{ kind: Deployment, spec: { template: { spec: { securityContext: { supplementalGroups: [110] } } } } }] }',
    undefined,
  ],
  ['nvidia-l4-24gb', '', undefined],
])('the group of the devices of %s %s', (gpu, more, expected) => {
  const resources = `resources: { memory: 8Gi, gpu: { class: ${gpu}, count: 1 } }`;
  const found = warnings(file('{ name: vllm }', `${resources}\n${more}\n`), model, undefined, now);
  expect(found.map(one => one.message)).toEqual(expected === undefined ? [] : [expect.stringMatching(expected)]);
});

test('an engine that takes more main memory than its pod has is said, with the weights where no GPU holds them', () => {
  const large = { ...model, bytes: 3 * 2 ** 30 } as ModelFacts;
  const [first] = warnings(file('{ name: vllm }', 'resources: { memory: 4Gi }\n'), large, undefined, now);
  expect(first?.message).toContain('3072 MiB for the weights that no GPU holds. Give it 5120Mi or more.');
  expect(first?.at).toMatchObject({ line: 7 });
});

test('says what comes of steps that pods do not come to', () => {
  const found = warnings(
    file(
      '{ name: llamacpp }',
      `gateway: { own: Kong checks tokens }
resources: { replicas: 2 }
release: { steps: [{ weight: 5, seconds: 1 }, { weight: 45, seconds: 1 }, { weight: 50, seconds: 1 }, { weight: 100, seconds: 1 }] }
`,
    ),
    model,
    undefined,
    now,
  );
  expect(found.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /gets 5 %: .* 1 of 3 pods, which is 33 % and the least that there is with 2 replicas and a `release\.surge` of 2\.$/,
    ),
    expect.stringMatching(/gets 45 %: .* 1 of 3 pods, which is 33 %\.$/),
  ]);
});
