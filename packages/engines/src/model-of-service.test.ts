import { link, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseServiceFile } from '@fairway/service/service-file';
import { safetensors } from '../../../test/fixtures/models.ts';
import { engineMemory } from './memory-of.ts';
import { modelOfService } from './model-of-service.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-of-service-'));
});

afterEach(() => rm(folder, { recursive: true }));

const hub = {
  url: 'http://none',
  fetch: () => Promise.reject(new Error('nobody asks the hub')),
};

async function lengthTaken(engine: string, version: string | undefined, args: readonly string[], config: object) {
  await writeModel(config);
  return taken(engine, version, args);
}

async function writeModel(config: object) {
  await mkdir(join(folder, 'model'));
  await writeFile(join(folder, 'model', 'config.json'), JSON.stringify(config));
  await writeFile(join(folder, 'model', 'model.safetensors'), safetensors([{ name: 'a.weight', shape: [2, 2] }]));
}

function taken(
  engine: string,
  version: string | undefined,
  args: readonly string[],
  model = 'name: tiny, path: model',
) {
  const file = parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team
engine: { name: ${engine}, arguments: ${JSON.stringify(args)} }
model: { ${model} }
serving: { contextLength: 131072 }
`,
    folder,
    join(folder, 'fairway.yaml'),
  );
  return modelOfService(file, hub, engineMemory(file.service, version)).then(
    () => 'taken',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

// as Qwen3's page says to write it
const yarn = { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 32_768 };
const qwen = {
  model_type: 'qwen3',
  hidden_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 32_768,
};
const yarned = { ...qwen, rope_scaling: yarn };

// vLLM's `_get_and_verify_max_len` multiplies YaRN before 0.30 and not since; SGLang's `get_context_length` where no original length is named
test.each<[string, string | undefined, readonly string[], object, RegExp | 'taken']>([
  ['vllm', '0.29.0', [], yarned, 'taken'],
  [
    'vllm',
    '0.30.0',
    [],
    yarned,
    /is 131072, and vllm takes 32768 tokens, .* yarn scaling .* --hf-overrides '\{"max_position_embeddings": 131072\}'/,
  ],
  ['vllm', '0.30.0', [], { ...yarned, max_position_embeddings: 131_072 }, 'taken'],
  ['vllm', '0.30.0', ['--hf-overrides', '{"max_position_embeddings": 131072}'], yarned, 'taken'],
  ['vllm', '0.30.0', ['--hf-overrides.max_position_embeddings=131072'], yarned, 'taken'],
  ['vllm', '0.30.0', ['--hf-overrides', JSON.stringify({ rope_parameters: yarn })], qwen, /vllm takes 32768 tokens/],
  ['vllm', '0.29.0', ['--hf-overrides', JSON.stringify({ rope_parameters: yarn })], qwen, 'taken'],
  ['vllm', '0.30.0', [], { ...qwen, rope_scaling: { type: 'linear', factor: 4 } }, 'taken'],
  ['vllm', undefined, [], yarned, 'taken'],
  ['vllm', '0.30.0', [], qwen, /the model was made for 32768 tokens/],
  ['sglang', '0.5.6', [], yarned, /sglang takes 32768 tokens, .* Raise it in config\.json, or lower/],
  ['sglang', '0.5.6', [], { ...qwen, rope_scaling: { rope_type: 'yarn', factor: 4 } }, 'taken'],
])('%s %s with %j and %j', async (engine, version, args, config, expected) => {
  const message = await lengthTaken(engine, version, args, config);
  if (expected === 'taken') expect(message).toBe('taken');
  else expect(message).toMatch(expected);
});

// docker buildx build of such a folder: COPY makes a link that leads nowhere
test('a model that the build of the image would not get', async () => {
  await writeModel({ ...qwen, max_position_embeddings: 131_072 });
  const cache = await mkdtemp(join(tmpdir(), 'model-cache-'));
  try {
    await link(join(folder, 'model/model.safetensors'), join(cache, 'blob'));
    expect(await taken('transformers', undefined, [])).toBe('taken');
    await rm(join(folder, 'model/model.safetensors'));
    await symlink(join(cache, 'blob'), join(folder, 'model/model.safetensors'));
    expect(await taken('transformers', undefined, [])).toMatch(
      /fairway\.yaml:6:\d+: model\/model\.safetensors leads by a link to \/.*\/blob, which is not in the folder of the service\./,
    );
    const weights = 'name: tiny, path: model, weights: { from: volume, claim: models }';
    expect(await taken('transformers', undefined, [], weights)).toBe('taken');
    await rm(join(folder, 'model/model.safetensors'));
    await symlink('../blob', join(folder, 'model/model.safetensors'));
    expect(await taken('transformers', undefined, [])).toMatch(/leads by a link to \.\.\/blob, which is not/);
    await rename(join(cache, 'blob'), join(folder, 'blob'));
    expect(await taken('transformers', undefined, [])).toBe('taken');
  } finally {
    await rm(cache, { recursive: true });
  }
});
