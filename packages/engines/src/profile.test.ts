import { engineMemory, engineProfile } from './index.ts';
import { engineNames, parseServiceFile, type EngineName, type Service } from '@fairway/service';

function service(engine: EngineName, more = ''): Service {
  const text = `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team
engine: { name: ${engine}, arguments: [--further] }
model: { name: served, path: model/tiny }
serving: { contextLength: 512, sequences: 3, port: 9000 }
${more}`;
  return parseServiceFile(text, '.', 'fairway.yaml').service;
}

test('GPUs are divided among the stages of a pipeline first', () => {
  const four = {
    ...service('vllm', 'resources: { gpu: { class: nvidia-l4-24gb, count: 4 } }'),
    engine: { name: 'vllm' as const, arguments: ['-pp', '2'] },
  };
  expect(engineProfile('vllm').arguments(four).join(' ')).toContain('--tensor-parallel-size 2 -pp 2');
});

test('each of several nodes has a stage of the pipeline, and all GPUs of a node a part of it', () => {
  const several = service(
    'vllm',
    'resources: { gpu: { class: nvidia-h100-80gb, count: 8 } }\nworkload: { kind: LeaderWorkerSet, nodes: 2 }',
  );
  // as vLLM's own documentation has it for two nodes of eight GPUs
  expect(engineProfile('vllm').arguments(several).join(' ')).toContain(
    '--tensor-parallel-size 8 --pipeline-parallel-size 2',
  );
  expect(engineMemory(several)).toMatchObject({ gpus: 16, division: { headSplit: 8, layerSplit: 2 } });
});

const twoGpus = 'resources: { gpu: { class: nvidia-l4-24gb, count: 2 } }';

test.each<[EngineName, string, string]>([
  [
    'llamacpp',
    '',
    '--model /models/tiny --alias served --host 0.0.0.0 --port 9000 --ctx-size 1536 --parallel 3 --metrics --jinja --no-warmup --further',
  ],
  [
    'llamacpp',
    twoGpus,
    '--model /models/tiny --alias served --host 0.0.0.0 --port 9000 --ctx-size 1536 --parallel 3 --n-gpu-layers 999 --metrics --jinja --no-warmup --further',
  ],
  [
    'vllm',
    twoGpus,
    '/models/tiny --served-model-name served --host 0.0.0.0 --port 9000 --max-model-len 512 --max-num-seqs 3 --tensor-parallel-size 2 --further',
  ],
  [
    'vllm',
    'access: { tokensPerDay: 1000 }',
    '/models/tiny --served-model-name served --host 0.0.0.0 --port 9000 --max-model-len 512 --max-num-seqs 3 --enable-force-include-usage --further',
  ],
  [
    'tgi',
    '',
    '--model-id /models/tiny --served-model-name served --hostname 0.0.0.0 --port 9000 --max-input-tokens 511 --max-total-tokens 512 --max-batch-size 3 --further',
  ],
])('%s gets its arguments %s', (engine, more, expected) => {
  expect(engineProfile(engine).arguments(service(engine, more)).join(' ')).toBe(expected);
});

test('transformers serves the model under the name that clients use', () => {
  const [script = ''] = engineProfile('transformers').arguments({
    ...service('transformers'),
    model: { name: 'team/served', path: 'model/tiny' },
  });
  expect(script).toContain("ln -sfn '/models/tiny' '/tmp/models/team/served' && cd /tmp/models");
  expect(script).toMatch(/ln -sfn '\/models\/tiny' '.*\/models--team--served\/snapshots\/0+'/);
  expect(script).toMatch(/exec 'transformers' 'serve' 'team\/served' '--host' '0.0.0.0' '--port' '9000' '--further'$/);
});

test('fastchat ends as soon as one of its three processes does', () => {
  const [script = ''] = engineProfile('fastchat').arguments(service('fastchat'));
  expect(script).toContain("'--model-path' '/models/tiny' '--model-names' 'served'");
  expect(script).toContain('--host 0.0.0.0 --port 9000 --controller-address http://127.0.0.1:9001');
  expect(script).toContain("'--further'");
  expect(script.endsWith('wait -n; exit 1')).toBe(true);
});

test('a model by reference lies under the name of its repository', () => {
  const referenced: Service = {
    ...service('vllm'),
    model: { name: 'served', reference: `hf://team/Tiny-1B@${'0'.repeat(40)}` },
  };
  expect(engineProfile('vllm').arguments(referenced)[0]).toBe('/models/Tiny-1B');
});

test.each(engineNames.map(name => [name]))('the profile of %s is whole', name => {
  const profile = engineProfile(name);
  expect(profile.name).toBe(name);
  expect(profile.limitations.length).toBeGreaterThan(0);
  expect(Object.keys(profile.metrics).length > 0).toBe(profile.metricsPath !== undefined);
});
