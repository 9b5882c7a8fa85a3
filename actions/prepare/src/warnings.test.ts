import { parseServiceFile } from '@fairway/service';
import type { ModelFacts, ServiceFile } from '@fairway/service';
import { warnings } from './warnings.ts';

const file = (engine: string, more = '', of = 'path: model/tiny') =>
  parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team
engine: ${engine}
model: { name: tiny, ${of}, license: apache-2.0 }
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

const hub = `reference: 'hf://team/tiny@${'a'.repeat(40)}'`;

test.each([
  [
    'from the hub',
    `${hub}, weights: { from: hub }`,
    16,
    /^Each pod writes 16\.0 GiB of weights to the disk of its node/,
  ],
  [
    'of an image that an init container pulls',
    `${hub}, weights: { from: artifact, image: 'r.io/w@sha256:${'b'.repeat(64)}', pull: init }`,
    16,
    /^Each pod/,
  ],
  ['on a claim', `${hub}, weights: { from: hub, claim: models }`, 16, undefined],
  ['in the image', hub, 16, undefined],
  ['so small that every cluster takes them', `${hub}, weights: { from: hub }`, 0.5, undefined],
])('weights %s', (_name, of, size, expected) => {
  const { service, ...rest } = file(
    '{ name: vllm }',
    'resources: { memory: 64Gi, gpu: { class: nvidia-l4-24gb, count: 1 } }\n',
    of,
  );
  const said = (patches: readonly object[]) =>
    warnings(
      { ...rest, service: { ...service, workload: { ...service.workload, patches } } } as ServiceFile,
      { ...model, bytes: size * 2 ** 30 },
      undefined,
      now,
    ).map(one => one.message);
  expect(said([])).toEqual(expected === undefined ? [] : [expect.stringMatching(expected)]);
  const requests = { 'ephemeral-storage': '40Gi' };
  const containers = [{ name: 'engine', resources: { requests } }];
  expect(said([{ kind: 'Deployment', spec: { template: { spec: { containers } } } }])).toEqual([]);
});
