import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStage, type Runtime, type StageOutcome } from '@fairway/stage';
import { githubDouble } from '../../../test/github/double.ts';
import { gguf, safetensors, tinyLlama } from '../../../test/fixtures/models.ts';
import { prepare } from './stage.ts';

const spec = `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team
engine: { name: llamacpp }
model: { name: tiny, path: model/tiny.gguf, license: MIT }
serving: { contextLength: 512 }
`;

let folder: string;
let said: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-prepare-'));
  said = [];
  await mkdir(join(folder, 'model'));
  await writeFile(join(folder, 'fairway.yaml'), spec);
  await writeFile(join(folder, 'model', 'tiny.gguf'), gguf(tinyLlama, [{ name: 'embedding', shape: [100, 8] }]));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(inputs: Readonly<Record<string, string>> = {}): Promise<StageOutcome> {
  const say = (message: string): void => void said.push(message);
  const runtime: Runtime = {
    folder,
    log: {
      info: say,
      warning: say,
      progress: say,
      annotate: (level, message, at) => say(`${level} ${at?.line}: ${message}`),
    },
    signal: new AbortController().signal,
    now: () => new Date('2026-11-23T12:00:00Z'),
    environment: {},
    inputName: name => name,
  };
  return await runStage(prepare, inputs, runtime);
}

async function evidence(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, '.fairway', 'evidence', 'prepare', name), 'utf8'));
}

test('the address of a signing key is read before anything is built, and nobody is asked for the key', async () => {
  expect((await run({ 'signing-key': 'hashivault://release' })).entry.verdict).toBe('pass');
  await writeFile(join(folder, 'fairway.yaml'), spec.replace('team', 'other-team'));
  const { entry } = await run({ 'signing-key': 'awskms:///alias/release' });
  expect(entry.verdict).toBe('fail');
  expect(entry.reason).toMatch(
    /^sigstore: reading the signing key failed: it begins with awskms:\/\/ and is no address/,
  );
});

test('a body that the firewall would deny is said before anything is built', async () => {
  await writeFile(join(folder, 'fairway.yaml'), `${spec}access: { maxRequestBytes: 9000000 }\n`);
  const { entry } = await run();
  expect(entry.verdict).toBe('fail');
  expect(entry.reason).toMatch(
    /fairway\.yaml:8:28: `access\.maxRequestBytes` is 9000000, but the firewall denies every body over 8388608 bytes\./,
  );
  expect((await run({ 'waf-body-limit': '10000000' })).entry.verdict).toBe('pass');
});

test('a token that does not see the repository of apply is said before anything is built', async () => {
  const permissions = { contents: 'read' } as const;
  const github = await githubDouble({ repository: 'team/deployments', tokens: { 'secret-token': { permissions } } });
  // read when the library is first loaded
  process.env['GITHUB_API_URL'] = github.url;
  const apply = (repository: string) => `${spec}apply: { by: gitops, repository: ${repository}, folder: hello }\n`;
  await writeFile(join(folder, 'fairway.yaml'), apply('team/other'));
  const { entry } = await run({ 'gitops-token': 'secret-token' });
  expect(entry).toMatchObject({
    verdict: 'fail',
    reason: expect.stringMatching(/There is no team\/other, or the input gitops-token has no access to it/),
  });
  await writeFile(join(folder, 'fairway.yaml'), apply('team/deployments'));
  expect((await run({ 'gitops-token': 'secret-token' })).entry.verdict).toBe('pass');
  await github.close();
});

test('resolves a service and leaves it as evidence', async () => {
  const { entry } = await run();
  expect(entry).toMatchObject({
    verdict: 'pass',
    reason: 'hello is valid: tiny (800 parameters, F16) on llamacpp. No GPU is asked for.',
    outputs: {
      name: 'hello',
      namespace: 'hello',
      engine: 'llamacpp',
      license: 'MIT',
      'source-digest': expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      'model-revision': expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    },
  });
  expect(await evidence('service.json')).toMatchObject({ name: 'hello', objectives: { availability: 99.5 } });
  expect(await evidence('model.json')).toMatchObject({ parameters: 800, layers: 2, contextLength: 512 });
  expect(await evidence('gpu-fit.json')).toMatchObject({ gpu: null, estimate: { weights: 1600, kvCache: 524288 } });
});

test('is skipped when nothing changed, and runs again for a model that .dockerignore hides', async () => {
  await writeFile(join(folder, '.dockerignore'), 'model');
  expect((await run()).unchanged).toBe(false);
  expect((await run()).unchanged).toBe(true);
  await writeFile(join(folder, 'model', 'tiny.gguf'), gguf(tinyLlama, [{ name: 'embedding', shape: [200, 8] }]));
  expect(await run()).toMatchObject({ unchanged: false, why: 'its inputs changed' });
});

test('an adapter is read before anything is built, and its memory is a part of the sum', async () => {
  const at = (path: string) => join(folder, path);
  await mkdir(at('model/tiny'));
  await mkdir(at('sql'));
  const shape = { num_hidden_layers: 2, num_attention_heads: 2, hidden_size: 8, intermediate_size: 16 };
  await writeFile(at('model/tiny/config.json'), JSON.stringify({ model_type: 'llama', vocab_size: 100, ...shape }));
  await writeFile(at('model/tiny/model.safetensors'), safetensors([{ name: 'a.weight', shape: [2, 2] }]));
  const adapter = { peft_type: 'LORA', base_model_name_or_path: '/data/tiny', target_modules: ['q_proj'] };
  await writeFile(at('sql/adapter_config.json'), JSON.stringify({ ...adapter, r: 32 }));
  await writeFile(at('sql/adapter_model.safetensors'), safetensors([{ name: 'lora_A', shape: [32, 8] }]));
  const plain = spec.replace('llamacpp', 'vllm').replace('tiny.gguf', 'tiny');
  const adapted = plain.replace('license', 'adapters: [{ name: sql, path: sql }], license');
  await writeFile(at('fairway.yaml'), adapted);
  expect((await run()).entry).toMatchObject({
    verdict: 'fail',
    reason: expect.stringMatching(/fairway\.yaml:6:.*the adapter has the rank 32 .*Write rank: 32/),
  });
  const overhead = async () =>
    ((await evidence('gpu-fit.json')) as { estimate: { overhead: number } }).estimate.overhead;
  await writeFile(at('fairway.yaml'), plain);
  expect((await run()).entry.verdict).toBe('pass');
  const without = await overhead();
  await writeFile(at('fairway.yaml'), adapted.replace('path: sql', 'path: sql, rank: 32'));
  expect((await run()).entry.verdict).toBe('pass');
  // two layers, in each q, k, v and o of 8 and 8, gate, up and down of 8 and 16; a rank of 32 in 16 bits
  expect((await overhead()) - without).toBe(2 * (4 * 16 + 3 * 24) * 32 * 2);
});

test('tells that the model fits the GPU asked for', async () => {
  await writeFile(join(folder, 'fairway.yaml'), `${spec}resources: { gpu: { class: nvidia-l4-24gb } }\n`);
  const { entry } = await run();
  expect(entry).toMatchObject({
    verdict: 'pass',
    reason: expect.stringContaining(
      'It fits: weights 0.0 MiB + KV cache 0.5 MiB (2 layers · 2 KV heads · 16 · 512 tokens · 4 sequences) + overhead 0.5 GiB',
    ),
  });
});

test('fails for a model larger than the GPU asked for, with the sum and the line', async () => {
  await writeFile(
    join(folder, 'fairway.yaml'),
    `${spec.replace('contextLength: 512', 'contextLength: 512, sequences: 4096')}resources: { gpu: { class: nvidia-t4-16gb } }\n`,
  );
  await writeFile(
    join(folder, 'model', 'tiny.gguf'),
    gguf({ ...tinyLlama, 'llama.block_count': 80 }, [{ name: 'embedding', shape: [100, 8] }]),
  );
  const { entry } = await run();
  expect(entry.verdict).toBe('fail');
  expect(entry.reason).toContain(
    `${folder}/fairway.yaml:8:19: the model is larger than the GPU asked for. It does not fit: weights 0.0 MiB + KV cache 20.0 GiB`,
  );
  expect(entry.reason).toContain('(1 × nvidia-a30-24gb would hold it)');
  expect(await evidence('gpu-fit.json')).toMatchObject({ gpu: { class: 'nvidia-t4-16gb', count: 1 } });
});

test('is inconclusive for a model that does not tell its shape', async () => {
  await writeFile(join(folder, 'fairway.yaml'), `${spec}resources: { gpu: { class: nvidia-l4-24gb } }\n`);
  await writeFile(join(folder, 'model', 'tiny.gguf'), gguf({}, [{ name: 'embedding', shape: [100, 8] }]));
  expect((await run()).entry).toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringContaining('fairway.yaml:8:19: Whether the model fits 1 × nvidia-l4-24gb cannot be said'),
  });
  const stated = 'shape: { layers: 2, kvHeads: 2, headDim: 16 }, license: MIT';
  await writeFile(
    join(folder, 'fairway.yaml'),
    `${spec.replace('license: MIT', stated)}resources: { gpu: { class: nvidia-l4-24gb } }\n`,
  );
  expect((await run()).entry.verdict).toBe('pass');
});

test('a shape that differs from what the model tells needs a reason', async () => {
  const stated = (more: string) => spec.replace('license: MIT', `license: MIT, shape: { kvHeads: 1${more} }`);
  await writeFile(join(folder, 'fairway.yaml'), stated(''));
  expect((await run()).entry).toMatchObject({
    verdict: 'fail',
    reason: expect.stringContaining(
      ':6:66: `model.shape` differs from what the model tells: kvHeads 1 (the model tells 2).',
    ),
  });
  await writeFile(join(folder, 'fairway.yaml'), stated(', reason: the header is wrong'));
  expect((await run()).entry.verdict).toBe('pass');
  expect(await evidence('gpu-fit.json')).toMatchObject({ estimate: { kvCachePerToken: 2 * 1 * 16 * 2 * 2 } });
});

test.each([
  [
    'heads that the GPUs cannot share',
    '{ class: nvidia-l4-24gb, count: 3 }',
    'The 4 attention heads of the model are not divisible by 3 GPUs, so the engine does not start. Counts that divide the heads are 1, 2, 4',
  ],
  [
    'a type that the GPU does not compute',
    '{ class: nvidia-t4-16gb }',
    'The service computes in BF16, which needs compute capability 8.0, and nvidia-t4-16gb has 7.5.',
  ],
])('fails for %s, at its line', async (_name, gpu, expected) => {
  const config = {
    model_type: 'llama',
    dtype: 'bfloat16',
    num_hidden_layers: 2,
    num_attention_heads: 4,
    hidden_size: 64,
  };
  await writeFile(join(folder, 'model', 'config.json'), JSON.stringify(config));
  await writeFile(join(folder, 'model', 'model.safetensors'), safetensors([{ name: 'embedding', shape: [100, 8] }]));
  await rm(join(folder, 'model', 'tiny.gguf'));
  const service = spec.replace('llamacpp', 'vllm').replace('model/tiny.gguf', 'model');
  await writeFile(join(folder, 'fairway.yaml'), `${service}resources: { gpu: ${gpu} }\n`);
  const { entry } = await run();
  expect(entry.verdict).toBe('fail');
  expect(entry.reason).toContain(`${folder}/fairway.yaml:8:19: ${expected}`);
});

test('reads the version of the engine from the Dockerfile', async () => {
  const headroom = async (image: string) => {
    await writeFile(join(folder, 'Dockerfile'), `FROM ${image}\n`);
    await run();
    return await evidence('gpu-fit.json');
  };
  await writeFile(join(folder, 'model', 'model.safetensors'), safetensors([{ name: 'embedding', shape: [100, 8] }]));
  await rm(join(folder, 'model', 'tiny.gguf'));
  const service = spec.replace('llamacpp', 'vllm').replace('model/tiny.gguf', 'model');
  await writeFile(join(folder, 'fairway.yaml'), service);
  expect(await headroom('vllm/vllm-openai:v0.32.0')).toMatchObject({ headroomPercent: 8 });
  expect(await headroom('vllm/vllm-openai:v0.19.1')).toMatchObject({ headroomPercent: 10 });
});

test('fails for a secret in the tree without printing it', async () => {
  const token = `gh${'p_'}aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0dF5hJ7`;
  await writeFile(join(folder, 'app.env'), `TOKEN=${token}\n`);
  const { entry } = await run();
  expect(entry.verdict).toBe('fail');
  expect(entry.reason).toBe(
    'The source holds what looks like a secret: app.env:1:7 looks like a GitHub token. Take it out of the folder and revoke it, since it may be in the history and in images already; if it is none, write "fairway:allow-secret <reason>" on that line or the line before.',
  );
  expect(said).toContain('error 1: This looks like a GitHub token.');
  expect(`${said.join()}${JSON.stringify(entry)}`).not.toContain(token);
});

test('warns of an unknown licence and of an exception that has ended, and passes', async () => {
  await writeFile(
    join(folder, 'fairway.yaml'),
    `${spec.replace(', license: MIT', '')}scan: { exceptions: [{ id: CVE-1, reason: x, until: 2026-11-22 }, { id: CVE-2, reason: x, until: 2026-11-23 }] }\n`,
  );
  expect((await run()).entry).toMatchObject({ verdict: 'pass', outputs: { license: '' } });
  expect(said.filter(line => line.startsWith('warning'))).toEqual([
    'warning 6: The licence of the model is unknown: neither fairway.yaml nor the model tells. Write it as model.license after reading it.',
    'warning 8: The exception for CVE-1 ended on 2026-11-22 and no longer counts. Fix the finding, or decide again.',
  ]);
});

test('says what a release costs that replaces pods, and that it keeps no version', async () => {
  const release = 'resources: { replicas: 2 }\nrelease:\n  surge: 0\n  keep: 5\n';
  await writeFile(join(folder, 'fairway.yaml'), `${spec}${release}`);
  expect((await run()).entry.verdict).toBe('pass');
  expect(said.filter(line => line.startsWith('warning'))).toEqual([
    expect.stringContaining('a release takes one of the 2 pods: from the deploy to the end of the release the others'),
    expect.stringContaining('`release.keep: 5` does not apply'),
  ]);
});

test.each([
  ['an invalid file', 'owner: team', 'owner: [team]', ':4:8: `owner` must be text; found a list.'],
  [
    'a missing model',
    'tiny.gguf',
    'gone.gguf',
    ':6:28: There is no model at FOLDER/model/gone.gguf. Put the model there, or correct model.path.',
  ],
  [
    'a floating revision',
    'path: model/tiny.gguf',
    'reference: hf://team/tiny@main',
    ':6:33: `model.reference` must be hf://organization/name@revision',
  ],
  [
    'an engine that cannot read the model',
    'llamacpp',
    'vllm',
    ':6:28: the engine vllm reads safetensors, and the model model/tiny.gguf is gguf.',
  ],
  [
    'a context that the model was not made for',
    '512',
    '4096',
    ':7:27: `serving.contextLength` is 4096, and the model was made for 512 tokens.',
  ],
])('fails for %s at its line', async (_name, written, instead, expected) => {
  await writeFile(join(folder, 'fairway.yaml'), spec.replace(written, instead));
  const { entry, fault } = await run();
  expect(fault).toBeUndefined();
  expect(entry.verdict).toBe('fail');
  expect(entry.reason).toContain(`${folder}/fairway.yaml${expected.replace('FOLDER', folder)}`);
});

test('refuses a headroom that is no percentage', async () => {
  expect((await run({ 'gpu-memory-headroom': '120' })).entry.reason).toBe(
    'The input gpu-memory-headroom is 120; it must be a percentage from 0 to 90.',
  );
});

test('says which request failed when the hub cannot be reached', async () => {
  const reference = `hf://team/tiny@${'0'.repeat(40)}`;
  await writeFile(join(folder, 'fairway.yaml'), spec.replace('path: model/tiny.gguf', `reference: ${reference}`));
  const { entry, fault } = await run({ hub: 'http://127.0.0.1:9' });
  expect(fault).toBeUndefined();
  expect(entry.reason).toMatch(/^model hub: GET http:\/\/127\.0\.0\.1:9\/api\/models\/team\/tiny\/revision\/0{40} /);
}, 20_000);
