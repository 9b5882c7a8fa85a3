import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { architectureOf } from '@fairway/service';
import type { EngineName } from '@fairway/service/engine-names';
import type { AdapterFacts } from '@fairway/service/model/adapter';
import type { ModelFacts } from '@fairway/service/model/facts';
import { parseServiceFile } from '@fairway/service/service-file';
import { safetensors } from '../../../test/fixtures/models.ts';
import { withAdapters } from './adapter-memory.ts';
import { adaptersOfService } from './adapters-of-service.ts';
import { checkAdapters } from './check-adapters.ts';
import { checkArguments } from './check-arguments.ts';
import { engineMemory } from './memory-of.ts';
import { engineProfile } from './profile.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const inImage = 'path: model/tiny';

function file(engine: EngineName, adapters: string, more: { model?: string; words?: string; folder?: string } = {}) {
  const { model = inImage, words = '', folder = '.' } = more;
  return parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team
engine: { name: ${engine}, arguments: [${words}] }
model:
  { name: tiny, ${model}, adapters: [${adapters}] }
`,
    folder,
    join(folder, 'fairway.yaml'),
  );
}
const line = (engine: EngineName, adapters: string, model = inImage) =>
  engineProfile(engine)
    .arguments(file(engine, adapters, { model }).service)
    .join(' ');

describe('arguments of', () => {
  test.each<[EngineName, string, string]>([
    // docs/features/lora.md of vLLM; ranks of `MaxLoRARanks` in vllm/config/lora.py
    [
      'vllm',
      '{ name: sql, path: adapters/sql }, { name: team/chat, path: chat/, rank: 40 }',
      '--enable-lora --lora-modules sql=/models/sql team/chat=/models/chat --max-lora-rank 64 --max-loras 2',
    ],
    ['vllm', '{ name: sql, path: sql, rank: 300 }', '--max-lora-rank 320 --max-loras 1'],
    ['vllm', '{ name: sql, path: sql, rank: 4 }', '--max-lora-rank 8 '],
    // docs/advanced_features/lora.ipynb of SGLang: model:adapter; a batch counts requests for the model itself too
    [
      'sglang',
      '{ name: "tiny:sql", path: adapters/sql }, { name: "tiny:chat", path: chat, rank: 64 }',
      '--enable-lora --lora-paths sql=/models/sql chat=/models/chat --max-lora-rank 64 --max-loras-per-batch 3',
    ],
    // `parse_lora_adapters` of text_generation_server/utils/adapter.py
    [
      'tgi',
      '{ name: sql, path: adapters/sql }, { name: chat, path: chat }',
      '--lora-adapters sql=/models/sql,chat=/models/chat',
    ],
  ])('%s with %s', (engine, adapters, expected) => {
    expect(`${line(engine, adapters)} `).toContain(expected);
  });

  test('an adapter that comes with the model', () => {
    const weights = 'path: model/tiny, weights: { from: volume, claim: models, folder: a }';
    expect(line('vllm', '{ name: sql, folder: adapters/sql/ }', weights)).toContain('sql=/models/tiny/adapters/sql ');
  });

  test('an adapter that pods download lies at its place in the list', () => {
    const reference = `"hf://team/sql@${commit}"`;
    expect(line('vllm', `{ name: sql, path: a/sql }, { name: chat, reference: ${reference} }`)).toContain(
      '--lora-modules sql=/models/sql chat=/adapters/1 ',
    );
  });

  test('a service without adapters names none', () => {
    const { service } = file('vllm', '{ name: sql, path: sql }');
    const without = { ...service, model: { ...service.model, adapters: undefined } };
    expect(engineProfile('vllm').arguments(without).join(' ')).not.toContain('lora');
  });
});

test.each<[EngineName, string]>([
  ['vllm', '"--lora-modules=a=b"'],
  ['vllm', '--max-loras, "2"'],
  ['vllm', '--max-lora-rank, "8"'],
  ['sglang', '--lora-paths, a=b'],
  ['sglang', '--max-loras-per-batch, "2"'],
  ['tgi', '--lora-adapters, a=b'],
])('%s with %s of its own beside adapters is refused', (engine, words) => {
  const adapters = '{ name: "tiny:sql", path: sql }';
  expect(() => checkArguments(file(engine, adapters, { words }))).toThrow('which Fairway gives itself');
});

test.each<[EngineName]>([['llamacpp'], ['fastchat'], ['transformers']])('%s serves no adapters by name', engine => {
  expect(() => checkAdapters(file(engine, '{ name: sql, path: sql }'))).toThrow(
    new RegExp(`fairway\\.yaml:7:.*which ${engine} does not do \\(vllm, tgi, sglang do\\)`),
  );
});

test.each<[EngineName, string, string]>([
  ['sglang', '{ name: sql, path: sql }', 'Write it as tiny:name'],
  ['sglang', '{ name: "other:sql", path: sql }', 'Write it as tiny:name'],
  ['vllm', '{ name: sql, path: sql, rank: 513 }', 'vllm takes 512 at most'],
])('%s with %s is refused', (engine, adapters, sentence) => {
  expect(() => checkAdapters(file(engine, adapters))).toThrow(sentence);
});

describe('adapters are read', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'adapters-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  // as PEFT saves it: https://huggingface.co/docs/peft/developer_guides/checkpoint
  const config = { peft_type: 'LORA', r: 8, target_modules: ['q_proj'], base_model_name_or_path: 'team/tiny' };
  const tensors = [
    { name: 'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight', shape: [8, 64] },
    { name: 'base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight', shape: [64, 8] },
  ];
  const write = async (at: string, more: object = {}) => {
    await mkdir(join(folder, at), { recursive: true });
    await writeFile(join(folder, at, 'adapter_config.json'), JSON.stringify({ ...config, ...more }));
    await writeFile(join(folder, at, 'adapter_model.safetensors'), safetensors(tensors));
  };
  const nobody = { url: 'http://none', fetch: () => Promise.reject(new Error('nobody asks the hub')) };
  const read = (adapters: string, model = inImage, engine: EngineName = 'vllm') =>
    adaptersOfService(file(engine, adapters, { model, folder }), nobody);

  test('from the folder of the service, and from that of the model', async () => {
    await write('adapters/sql');
    await write('model/tiny/chat', { rank_pattern: { 'layers.0.q_proj': 12 } });
    const weights = 'path: model/tiny, weights: { from: volume, claim: models }';
    const found = await read('{ name: a, path: adapters/sql }, { name: b, folder: chat }', weights);
    expect(found).toMatchObject([
      { rank: 8, base: 'team/tiny', parameters: 2 * 8 * 64 },
      { rank: 12, parameters: 2 * 8 * 64 },
    ]);
  });

  test.each<[string, object, string]>([
    ['of a higher rank', { r: 32 }, 'Write rank: 32'],
    ['of another kind', { peft_type: 'PROMPT_TUNING' }, 'peft_type must be "LORA"; found "PROMPT_TUNING"'],
    ['without a rank', { r: 0 }, 'r must be a whole number'],
    // `PEFTHelper` of vllm/lora/peft_helper.py
    ['with weight decomposition', { use_dora: true }, 'has use_dora'],
    ['with whole modules', { modules_to_save: ['lm_head'] }, 'has modules_to_save'],
  ])('one %s is refused', async (_name, more, sentence) => {
    await write('sql', more);
    await expect(read('{ name: a, path: sql }')).rejects.toThrow(sentence);
    await expect(read('{ name: a, path: sql }')).rejects.toMatchObject({ at: { line: 7 } });
  });

  test('one that is not there, has no safetensors or leads out of the folder is refused', async () => {
    await expect(read('{ name: a, path: sql }')).rejects.toThrow('There is no adapter_config.json in');
    await write('sql');
    await rm(join(folder, 'sql/adapter_model.safetensors'));
    await expect(read('{ name: a, path: sql }')).rejects.toThrow('has no adapter_model.safetensors');
    await symlink('/etc/hostname', join(folder, 'sql/adapter_model.safetensors'));
    await expect(read('{ name: a, path: sql }')).rejects.toThrow('leads by a link to');
  });

  test('from the commit of the model; what only the volume has is not known', async () => {
    const bytes = {
      'sql/adapter_config.json': Buffer.from(JSON.stringify(config)),
      'sql/adapter_model.safetensors': safetensors(tensors),
    };
    const hub = {
      url: 'http://hub',
      fetch: (url: string | URL | Request, init?: RequestInit) => {
        const { pathname } = new URL(String(url));
        if (pathname.startsWith('/api/'))
          return Promise.resolve(
            Response.json({ sha: commit, siblings: Object.keys(bytes).map(rfilename => ({ rfilename })) }),
          );
        const content = bytes[pathname.slice(pathname.indexOf(commit) + commit.length + 1) as keyof typeof bytes];
        const [, from, to] = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get('Range') ?? '') ?? [];
        if (from === undefined) return Promise.resolve(new Response(content));
        const headers = { 'content-range': `bytes ${from}-${to}/${content.length}` };
        return Promise.resolve(new Response(content.subarray(Number(from), Number(to) + 1), { status: 206, headers }));
      },
    };
    const model = (hashes: string) =>
      `reference: "hf://team/tiny@${commit}", weights: { from: volume, claim: models, hashes: ${hashes} }`;
    const at = (adapter: string, hashes: string) =>
      adaptersOfService(file('vllm', `{ name: a, folder: ${adapter} }`, { model: model(hashes), folder }), hub);
    const list = `sha256:${'a'.repeat(64)}`;
    expect(await at('sql', list)).toMatchObject([{ rank: 8, parameters: 2 * 8 * 64 }]);
    expect(await at('other', list)).toEqual([undefined]);
    await expect(at('other', 'hub')).rejects.toThrow('There is no adapter_config.json in');
  });
});

describe('memory of', () => {
  const llama: ModelFacts = {
    ...architectureOf(
      JSON.stringify({
        model_type: 'llama',
        hidden_size: 4096,
        intermediate_size: 14_336,
        num_attention_heads: 32,
        num_key_value_heads: 8,
        num_hidden_layers: 32,
        vocab_size: 128_256,
      }),
      'config.json',
    ),
    format: 'safetensors',
    files: [],
    parameters: 8_030_261_248,
    bytes: 16_060_522_496,
    dtype: 'BF16',
    revision: commit,
  };
  const adapter = (rank: number, parameters: number): AdapterFacts => ({ file: 'x', rank, parameters, more: [] });
  const more = (
    engine: EngineName,
    adapters: string,
    read: (AdapterFacts | undefined)[],
    model = llama,
    words = '',
  ) => {
    const { service } = file(engine, adapters, { words });
    const bare = engineMemory(service);
    const counted = withAdapters(bare, service, model, read);
    return {
      bytes: counted.overhead(model, undefined) - bare.overhead(model, undefined),
      uncounted: counted.uncounted,
    };
  };

  // what PEFT's print_trainable_parameters says of all linear layers of Llama 3 8B with r=16
  const whole = 41_943_040;

  test('vLLM is a slot for each adapter, at every matrix and with the rank that it takes', () => {
    const two = '{ name: a, path: a }, { name: b, path: b, rank: 20 }';
    // one that changes few matrices takes no less
    const { bytes, uncounted } = more('vllm', two, [adapter(16, 1000), undefined]);
    expect(bytes).toBe(2 * 2 * whole * 2);
    expect(uncounted).toEqual([]);
    expect(more('vllm', '{ name: a, path: a }', [adapter(16, 1000)], llama, '--dtype, float32').bytes).toBe(whole * 4);
  });

  test('vLLM on several GPUs is half divided', () => {
    const { bytes } = more('vllm', '{ name: a, path: a }', [adapter(16, whole)], llama, '-tp, "2"');
    expect(bytes).toBeGreaterThan(whole);
    expect(bytes).toBeLessThan(2 * whole);
  });

  test('vLLM with experts is that of the adapter, and unknown where nobody has read it', () => {
    const experts = { ...llama, expertSize: 1024 };
    expect(more('vllm', '{ name: a, path: a, rank: 32 }', [adapter(16, whole)], experts).bytes).toBe(2 * whole * 2);
    const unread = more('vllm', '{ name: a, path: a }', [undefined], experts);
    expect(unread).toEqual({ bytes: 0, uncounted: ['LoRA adapters (--enable-lora)'] });
  });

  test('SGLang has one slot more, for the model itself, and TGI none', () => {
    const two = '{ name: "tiny:a", path: a }, { name: "tiny:b", path: b, rank: 32 }';
    const read = [adapter(16, whole), adapter(32, whole)];
    expect(more('sglang', two, read).bytes).toBe(3 * 2 * whole * 2);
    expect(more('tgi', two, read).bytes).toBe(2 * whole * 2);
  });
});
