import { parseServiceFile } from '@fairway/service';
import { tinyService } from '../../../../test/fixtures/service.ts';
import { checkPatches, patched } from './patches.ts';

const labels = { 'app.kubernetes.io/name': 'hello', 'fairway.dev/revision': '01234567' };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'hello-01234567', namespace: 'hello', labels },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: 'engine', image: 'registry.example/a@sha256:0' }] },
    },
  },
};
const service = { apiVersion: 'v1', kind: 'Service', metadata: deployment.metadata, spec: { selector: labels } };

const withPatches = (...patches: object[]) =>
  patched(tinyService({ workload: { patches } }), [deployment, service]) as unknown as [
    typeof deployment,
    typeof service,
  ];

test('patches of a kind are applied in their order, and only to it', () => {
  const one = { kind: 'Deployment', spec: { template: { spec: { dnsPolicy: 'None', hostname: 'a' } } } };
  const two = { kind: 'Deployment', spec: { template: { spec: { dnsPolicy: 'Default' } } } };
  const [changed, same] = withPatches(one, two);
  expect(changed.spec.template.spec).toMatchObject({ dnsPolicy: 'Default', hostname: 'a' });
  expect(changed.spec.template.spec.containers).toEqual(deployment.spec.template.spec.containers);
  expect(same).toEqual(service);
});

test('labels may be added', () => {
  const [changed] = withPatches({ kind: 'Deployment', metadata: { labels: { team: 'a' } } });
  expect(changed.metadata.labels).toEqual({ ...labels, team: 'a' });
});

test.each([
  ['a name', { metadata: { name: 'other' } }, 'metadata.name'],
  ['a label that finds the version', { metadata: { labels: { 'fairway.dev/revision': null } } }, 'metadata.labels'],
  ['the number of pods', { spec: { replicas: 3 } }, 'spec.replicas'],
  [
    'labels of the pods',
    { spec: { template: { metadata: { labels: { 'app.kubernetes.io/name': 'x' } } } } },
    'spec.template.metadata.labels',
  ],
  [
    'the image, which was not scanned',
    { spec: { template: { spec: { containers: [{ name: 'engine', image: 'other:latest' }] } } } },
    'the image of the engine',
  ],
])('%s may not be changed', (_what, patch, named) => {
  expect(() => withPatches({ kind: 'Deployment', ...patch })).toThrow(`workload.patches[0] changes ${named}`);
});

test('a patch that cannot be applied is named', () => {
  const second = { kind: 'Deployment', spec: { template: { spec: { containers: [{ image: 'x' }] } } } };
  expect(() => withPatches({ kind: 'Service' }, second)).toThrow(
    'workload.patches[1] cannot be applied: containers has an item without name',
  );
});

test('a patch that cannot hold is named with its line before anything is built', () => {
  const lines = [
    'apiVersion: fairway.dev/v1alpha1',
    'kind: InferenceService',
    'name: hello',
    'owner: team',
    'engine: { name: llamacpp }',
    'model: { name: tiny, path: model/tiny.gguf }',
    'workload:',
    '  patches:',
    '    - { kind: Service, metadata: { annotations: { a: b } } }',
    '    - kind: Deployment',
    '      spec: { replicas: 4 }',
  ];
  const file = parseServiceFile(lines.join('\n'), '.', 'fairway.yaml');
  expect(() => checkPatches(file)).toThrow('fairway.yaml:10:7: workload.patches[1] changes spec.replicas');
});

test('the pod of an LLMInferenceService is patched under its template, and held to the same', () => {
  const file = (patch: string) => () =>
    checkPatches(
      parseServiceFile(
        `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team
engine: { name: llamacpp }
model: { name: tiny, path: model/tiny.gguf }
workload: { kind: LLMInferenceService, patches: [{ kind: LLMInferenceService, spec: ${patch} }] }
`,
        '.',
        'fairway.yaml',
      ),
    );
  expect(
    file('{ template: { dnsPolicy: None, containers: [{ name: main, env: [{ name: A, value: b }] }] } }'),
  ).not.toThrow();
  expect(file("{ template: { containers: [{ name: main, image: 'other:latest' }] } }")).toThrow(
    'workload.patches[0] changes the image of the engine',
  );
  expect(file('{ labels: { app.kubernetes.io/name: other } }')).toThrow('workload.patches[0] changes spec.labels');
});

test('the nodes of a LeaderWorkerSet are patched too, and are held to the same', () => {
  const lines = (patch: string) =>
    parseServiceFile(
      `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team
engine: { name: vllm }
model: { name: large, reference: 'hf://a/b@${'0'.repeat(40)}' }
resources: { gpu: { class: nvidia-h100-80gb, count: 8 } }
workload:
  kind: LeaderWorkerSet
  nodes: 2
  patches:
    - kind: LeaderWorkerSet
      spec: { leaderWorkerTemplate: ${patch} }
`,
      '.',
      'fairway.yaml',
    );
  const file = (patch: string) => () => checkPatches(lines(patch));
  expect(file('{ workerTemplate: { spec: { hostNetwork: true } } }')).not.toThrow();
  expect(file('{ size: 3 }')).toThrow('fairway.yaml:12:7: workload.patches[0] changes the number of nodes');
  expect(file("{ workerTemplate: { spec: { containers: [{ name: engine, image: 'other:latest' }] } } }")).toThrow(
    'workload.patches[0] changes the image of the engine',
  );
});
