import { engineMemory, estimateGpuMemory, fitsGpu } from './gpu-memory.ts';
import { gpuClasses, type GpuClass } from '@fairway/service/gpu-classes';
import { architectureOf } from '@fairway/service/model/config-json';
import { tinyService } from '../../../test/fixtures/service.ts';

const gibibyte = 1024 ** 3;
// the shape of Llama 3.1 8B in BF16
const llama = {
  bytes: 16_060_522_496,
  heads: 32,
  kvHeads: 8,
  hiddenSize: 4096,
  intermediateSize: 14_336,
  vocabulary: 128_256,
  cache: [{ kind: 'attention', layers: 32, kvHeads: 8, keyDim: 128, valueDim: 128 }],
} as const;

function gpu(name: string): GpuClass {
  const found = gpuClasses.get(name);
  if (!found) throw new Error(`no class ${name}`);
  return found;
}

function engine(args: readonly string[] = [], more: object = {}, name = 'vllm') {
  return engineMemory(
    tinyService({ engine: { name, arguments: args }, serving: { contextLength: 8192, sequences: 16 }, ...more }),
  );
}

const onGpus = (count: number) => ({ resources: { gpu: { class: 'nvidia-h100-80gb', count } } });

/** How far an estimate is from a reported figure, in percent of the figure. */
const percentOff = (estimate: number, reported: number) => (100 * Math.abs(estimate - reported)) / reported;

test('is within a tenth of what vLLM 0.24.0 reports on an H200', () => {
  const serving = { serving: { contextLength: 8192, sequences: 256 } };
  for (const [args, besides] of [
    [[], 1.65],
    [['--enforce-eager'], 1.4],
  ] as const) {
    const estimate = estimateGpuMemory(llama, engine(args, serving), 1, gpu('nvidia-h200-141gb'));
    expect(percentOff(estimate?.overhead ?? 0, besides * gibibyte)).toBeLessThan(10);
    expect(percentOff(estimate?.weights ?? 0, 14.96 * gibibyte)).toBeLessThan(1);
    // 112.56 GiB of cache for 922,064 tokens
    expect(percentOff(estimate?.kvCachePerToken ?? 0, (112.56 * gibibyte) / 922_064)).toBeLessThan(1);
  }
});

test('is within a tenth of what llama.cpp logs for gpt-oss-120b with two slots (ollama/ollama#16480)', () => {
  // 18 layers of 131,072 cells and 18 of 1,280, of two sequences: 9216 MiB and 90 MiB
  const cache = [
    { kind: 'attention', layers: 18, kvHeads: 8, keyDim: 64, valueDim: 64, window: 128 },
    { kind: 'attention', layers: 18, kvHeads: 8, keyDim: 64, valueDim: 64 },
  ] as const;
  const serving = { serving: { contextLength: 131_072, sequences: 2 } };
  const estimate = estimateGpuMemory({ ...llama, cache }, engine(['-ub', '1024'], serving, 'llamacpp'), 1);
  expect(estimate?.kvCache).toBe((9216 + 90) * 1024 ** 2);
});

// The pages that vLLM 0.28.1 makes for DeepSeek V4 Flash in FP8 (vllm-project/vllm#54703): 1,002,240 bytes for 256 tokens in the layers that hold
// all of them; for 64 tokens of 43 windows 823,680 and 786,240, for 4 and for 8 of the compressors 870,912 and 656,640
test('is within two hundredths of what vLLM gives DeepSeek V4', () => {
  const ratios = Array.from({ length: 43 }, (_, at) => (at < 2 ? 0 : at % 2 === 0 ? 4 : 128));
  const config = { num_hidden_layers: 43, num_attention_heads: 64, compress_ratios: [...ratios, 0] };
  const sizes = { head_dim: 512, sliding_window: 128, index_head_dim: 128 };
  const model = {
    ...llama,
    ...architectureOf(JSON.stringify({ model_type: 'deepseek_v4', ...config, ...sizes }), 'c'),
  };
  const tokens = 8192;
  const estimated = (version: string, contextLength: number, args: readonly string[] = []) =>
    estimateGpuMemory(
      model,
      engineMemory(
        tinyService({
          engine: { name: 'vllm', arguments: ['--max-num-batched-tokens', `${tokens}`, ...args] },
          serving: { contextLength, sequences: 1 },
        }),
        version,
      ),
      1,
    );
  const estimate = estimated('0.28.1', 1_000_000);
  expect(percentOff(estimate?.kvCachePerToken ?? 0, 1_002_240 / 256)).toBeLessThan(2);
  const inFlight = (823_680 + 786_240) / 64 + 870_912 / 4 + 656_640 / 8;
  const beside = (version: string, args: readonly string[] = []) =>
    (estimated(version, 1_000_000, args)?.overhead ?? 0) - (estimated(version, 128, args)?.overhead ?? 0);
  // of two steps, and of one where the next is not prepared meanwhile
  expect(percentOff(beside('0.28.1'), 2 * tokens * inFlight)).toBeLessThan(2);
  expect(percentOff(beside('0.24.0'), tokens * inFlight)).toBeLessThan(2);
  expect(percentOff(beside('0.28.1', ['--no-async-scheduling']), tokens * inFlight)).toBeLessThan(2);
});

test('SGLang holds the windows of DeepSeek V4 for a tenth of the tokens', () => {
  // `DSV4_DEFAULT_SWA_FULL_TOKENS_RATIO` and `kv_bytes` of sglang/srt/model_executor/pool_configurator.py (0.5.23)
  const layers = {
    kind: 'compressed',
    layers: 1,
    width: 512,
    stateTokens: 8,
    stateBytes: 10_240,
    indexBytes: 132,
  } as const;
  const model = { ...llama, cache: [{ ...layers, tokensPerVector: 4, window: 128 }] };
  const serving = { serving: { contextLength: 100_000, sequences: 1 } };
  const cache = (args: readonly string[]) =>
    estimateGpuMemory(model, engine(args, { ...serving, ...onGpus(8) }, 'sglang'), 8)?.kvCache;
  const whole = (100_000 * (584 + 132)) / 4 + 8 * 10_240;
  // whole on each of eight GPUs
  expect(cache([])).toBe(whole + 10_000 * 584);
  expect(cache(['--swa-full-tokens-ratio', '0.5'])).toBe(whole + 50_000 * 584);
});

test.each([
  [
    'nvidia-h100-80gb',
    1,
    true,
    /^It fits: weights 15.0 GiB \+ KV cache 16.0 GiB \(32 layers · 8 KV heads · 128 · 8192 tokens · 16 sequences\) .*; 1 × nvidia-h100-80gb offers 79.1 GiB, less 10 % headroom 71.2 GiB\.$/,
  ],
  [
    'nvidia-l4-24gb',
    1,
    false,
    /It does not fit: .* are missing\. Lower serving\.contextLength or serving\.sequences, or change resources\.gpu \(1 × nvidia-a100-40gb would hold it\)\./,
  ],
  [
    'nvidia-l4-24gb',
    2,
    true,
    /on each GPU weights 7\.5 GiB \+ KV cache 8\.0 GiB .*; each of 2 × nvidia-l4-24gb offers 22\.0 GiB/,
  ],
])('compares with %s × %i', (name, gpus, fits, sentence) => {
  const fit = fitsGpu(llama, engine([], onGpus(gpus)), { gpus, gpu: gpu(name) });
  expect(fit?.fits).toBe(fits);
  expect(fit?.sentence).toMatch(sentence);
});

test('says when no class holds the model', () => {
  const fit = fitsGpu({ ...llama, bytes: 5000 * gibibyte }, engine(), { gpus: 1, gpu: gpu('nvidia-h200-141gb') });
  expect(fit?.sentence).toContain('no class holds it with as many GPUs: ask for more of them');
});

test('never advises a class that cannot compute the model', () => {
  const model = { ...llama, bytes: 24 * gibibyte, computeType: 'bfloat16' };
  const fit = fitsGpu(model, engine([], { serving: { contextLength: 2048, sequences: 1 } }), {
    gpus: 1,
    gpu: gpu('nvidia-l4-24gb'),
  });
  // a V100 with 32 GB would hold it
  expect(fit?.sentence).toContain('1 × nvidia-rtx-5090-32gb would hold it');
});

test('gives no estimate for a model that does not tell its shape', () => {
  expect(estimateGpuMemory({ bytes: 1 }, engine(), 1)).toBeUndefined();
});

describe('the cache of one GPU', () => {
  const perToken = (args: readonly string[], gpus: number, name: string) =>
    estimateGpuMemory(llama, engine(args, onGpus(gpus), name), gpus)?.kvCachePerToken;
  const whole = 131_072;

  test.each<[string, readonly string[], number, number, string]>([
    ['heads are divided', [], 4, whole / 4, 'vllm'],
    ['with more GPUs than heads each holds one', [], 16, whole / 8, 'vllm'],
    ['pipeline stages divide the layers', ['-pp', '2'], 4, whole / 4, 'vllm'],
    ['8 bits', ['--kv-cache-dtype=fp8'], 1, whole / 2, 'vllm'],
    ['an underscore is a hyphen', ['--kv_cache_dtype', 'fp8_e5m2'], 1, whole / 2, 'vllm'],
    ['llama.cpp: layers are divided', [], 4, whole / 4, 'llamacpp'],
    ['llama.cpp: keys in q8_0', ['-ctk', 'q8_0'], 1, (whole / 2) * (1 + 34 / 64), 'llamacpp'],
    ['TGI: shards divide the heads', [], 2, whole / 2, 'tgi'],
    ['16 GPUs hold each of 8 heads twice, and half of its tokens', ['-dcp', '2'], 16, whole / 16, 'vllm'],
    ['prompts are divided among GPUs of their own', ['-pcp', '2'], 8, whole / 4, 'vllm'],
    ['SGLang: heads are divided', [], 4, whole / 4, 'sglang'],
    ['SGLang: stages and copies leave one GPU to the heads', ['--pp-size', '2', '--dp=2'], 4, whole / 2, 'sglang'],
    ['SGLang: copies of the attention', ['--dp-size', '2', '--enable-dp-attention'], 4, whole / 2, 'sglang'],
    ['SGLang: copies of the attention as 0.5.23 names them', ['--attn-dp-size', '2'], 4, whole / 2, 'sglang'],
    ['SGLang: of both names the new one counts', ['--attn-dp-size=2', '--enable-dp-attention'], 4, whole / 2, 'sglang'],
    ['SGLang: --dp-size alone copies the model', ['--dp-size', '2'], 4, whole / 2, 'sglang'],
    ['SGLang: 8 bits', ['--kv-cache-dtype', 'fp8_e4m3'], 1, whole / 2, 'sglang'],
    [
      'SGLang: 4 bits with a scale for 16 values',
      ['--kv-cache-dtype', 'fp4_e2m1'],
      1,
      (whole / 2) * (9 / 16),
      'sglang',
    ],
  ])('%s', (_name, args, gpus, expected, name) => {
    expect(perToken(args, gpus, name)).toBe(expected);
  });
});

test.each<[readonly string[], string | undefined, number]>([
  [[], '0.24.0', 8],
  [[], '0.32', 8],
  [[], '0.20.0', 8],
  [[], '0.19.1', 10],
  [[], undefined, 10],
  [['--gpu-memory-utilization=0.85'], '0.32.0', 15],
  [['--gpu_memory_utilization', '0.95'], undefined, 5],
])('%j of vLLM %s leave %d percent', (args, version, headroom) => {
  expect(engineMemory(tinyService({ engine: { name: 'vllm', arguments: args } }), version).headroom).toBe(headroom);
});

// `get_batch_defaults` of vllm/engine/arg_utils.py; a step of 8,192 tokens of Llama 3.1 8B takes 2 · 8192 · (3 · 14,336 + 4 · 4096) bytes, and
// the rest of the overhead is half a GiB
test.each<[gpu: string, version: string | undefined, tokens: number, args?: readonly string[]]>([
  ['nvidia-l40s-48gb', '0.32.0', 2048],
  ['nvidia-a100-80gb', '0.32.0', 2048],
  ['nvidia-a800-80gb', '0.32.0', 8192],
  ['nvidia-h20-96gb', '0.32.0', 8192],
  ['nvidia-b300-288gb', '0.27.0', 8192],
  ['nvidia-b300-288gb', '0.28.0', 16_384],
  ['nvidia-b300-288gb', undefined, 8192],
  ['nvidia-h100-80gb', '0.33.0', 16_384, ['--performance-mode', 'throughput']],
  // all that four sequences can have, and a prompt that is not cut
  ['nvidia-b300-288gb', '0.33.0', 4 * 2048, ['--max-model-len', '2048']],
  ['nvidia-l40s-48gb', '0.33.0', 8192, ['--no-enable-chunked-prefill']],
])('on %s vLLM %s takes %d tokens a step', (name, version, tokens, args = []) => {
  const service = tinyService({
    engine: { name: 'vllm', arguments: args },
    serving: { contextLength: 8192, sequences: 4 },
  });
  const overhead = engineMemory(service, version).overhead(llama, gpu(name));
  expect(overhead - gibibyte / 2).toBe(2 * tokens * (3 * 14_336 + 4 * 4096));
});

test('an engine that knows no latent attention holds the keys and values of each head', () => {
  const cache = [{ kind: 'latent', layers: 61, width: 576, expanded: 128 * (192 + 128) }] as const;
  const estimate = (name: string) => estimateGpuMemory({ ...llama, cache }, engine([], {}, name), 1)?.kvCachePerToken;
  expect(estimate('vllm')).toBe(70_272);
  expect(estimate('sglang')).toBe(70_272);
  expect(estimate('transformers')).toBe(61 * 128 * 320 * 2);
});

// what its server_args.py (0.5.6) reckons: on an H100 with one GPU 512 + 1.5 · 8192 + 2 · 256 + 1024 / 8 MiB stay free, which its log shows as
// mem_fraction_static=0.836 of 81,559 MiB; on four GPUs the graphs are twice as large
test.each<[string, string, number, number]>([
  ['one H100', 'nvidia-h100-80gb', 1, 512 + 1.5 * 8192 + 2 * 256 + 128],
  ['four H100', 'nvidia-h100-80gb', 4, 512 + 1.5 * 8192 + 2 * 512 + 512],
  ['one L4', 'nvidia-l4-24gb', 1, 512 + 1.5 * 2048 + 2 * 24 + 128],
])('SGLang leaves on %s what it says', (_name, name, count, mebibytes) => {
  const overhead = engine([], onGpus(count), 'sglang').overhead(llama, gpu(name));
  // and the context, which it does not see
  expect(overhead / 1024 ** 2 - mebibytes).toBeGreaterThan(256);
  expect(overhead / 1024 ** 2 - mebibytes).toBeLessThan(1024);
});

// 16,060,522,496 bytes are 14.96 GiB: "if you have one 24 GB GPU and set this to 10, virtually you can think of it as a 34 GB GPU"
test.each<[string, readonly string[], number, number]>([
  ['vllm', ['--cpu-offload-gb', '10'], 1, 4.96],
  ['vllm', ['--cpu_offload_gb=2.5'], 2, 4.98],
  ['vllm', ['--cpu-offload-gb', '20'], 1, 0],
  ['sglang', ['--cpu-offload-gb', '4'], 1, 10.96],
])('%s with %j on %d leaves weights on each GPU', (name, args, gpus, gibibytes) => {
  const weights = estimateGpuMemory(llama, engine(args, onGpus(gpus), name), gpus)?.weights ?? 0;
  expect(weights / gibibyte).toBeCloseTo(gibibytes, 2);
});

// the same lines of server_args.py: without chunks the longest prompt, 16,384 tokens; and for a draft 2 GiB, since 0.5.10 four
test.each<[readonly string[], string, number]>([
  [['--chunked-prefill-size', '-1'], '0.5.6', 512 + 1.5 * 16_384 + 2 * 256 + 128],
  [['--chunked-prefill-size', '-1', '--max-prefill-tokens', '32768'], '0.5.6', 512 + 1.5 * 32_768 + 2 * 256 + 128],
  [['--speculative-algorithm', 'EAGLE'], '0.5.6', 512 + 1.5 * 8192 + 2 * 256 + 128 + 2048],
  [['--speculative-algorithm', 'EAGLE3'], '0.5.10', 512 + 1.5 * 8192 + 2 * 256 + 128 + 4096],
  [['--speculative-algorithm', 'STANDALONE'], '0.5.6', 512 + 1.5 * 8192 + 2 * 256 + 128 + 6144],
  [['--speculative-algorithm', 'NGRAM'], '0.5.6', 512 + 1.5 * 8192 + 2 * 256 + 128],
])('SGLang with %j of %s leaves what it says', (args, version, mebibytes) => {
  const service = tinyService({ engine: { name: 'sglang', arguments: args }, ...onGpus(1) });
  const overhead = engineMemory(service, version).overhead(llama, gpu('nvidia-h100-80gb'));
  expect(overhead / 1024 ** 2 - mebibytes).toBe(512);
});

// Llama 3.1 8B has 2 · 128,256 · 4096 values in embeddings and output, which stay in 16 bits
const embeddings = 4 * 128_256 * 4096;
test.each<[string, readonly string[], number]>([
  ['vllm', ['--quantization', 'fp8'], 0.5],
  ['vllm', ['-q', 'fp8_per_block'], 0.5],
  ['vllm', ['-q=mxfp8'], 33 / 64],
  ['sglang', ['--quantization', 'fp8'], 0.5],
  ['tgi', ['--quantize', 'bitsandbytes'], 0.5],
  ['tgi', ['--quantize', 'bitsandbytes-nf4'], 0.25],
  ['tgi', ['--quantize', 'eetq'], 0.5],
  // transformers/cli/serve.py of 5.24.0
  ['transformers', ['--quantization', 'bnb-4bit'], 0.25],
  ['transformers', ['--quantization=bnb-8bit'], 0.5],
  ['fastchat', ['--load-8bit'], 0.5],
])('%s with %j makes less of 16 bits', (name, args, part) => {
  const weights = estimateGpuMemory(llama, engine(args, {}, name), 1)?.weights;
  expect(weights).toBeCloseTo(embeddings + (llama.bytes - embeddings) * part, 0);
});

test('--mem-fraction-static is what SGLang takes for weights and cache', () => {
  const { headroom, overhead } = engine(['--mem-fraction-static', '0.8'], {}, 'sglang');
  expect(headroom).toBe(20);
  expect(overhead(llama, gpu('nvidia-h100-80gb'))).toBeLessThan(gibibyte);
});

test.each<[string, readonly string[], RegExp]>([
  ['vllm', ['--enable-lora', '--lora-modules', 'a=b'], / Not counted: LoRA adapters \(--enable-lora\)\.$/],
  [
    'vllm',
    ['--cpu-offload-gb', '10', '--cpu-offload-params', 'mlp', '-sc', '{"model":"x"}'],
    / Not counted: which weights stay in the memory of the host \(--cpu-offload-params\), speculative decoding \(--speculative-config\)\.$/,
  ],
  ['vllm', ['-q', 'torchao'], / Not counted: what torchao makes of the weights \(--quantization\)\.$/],
  ['sglang', ['--max-total-tokens', '64k'], / Not counted: a cache of a fixed size \(--max-total-tokens\)\.$/],
  ['tgi', ['--speculate', '2'], / Not counted: speculative decoding \(--speculate\)\.$/],
  ['vllm', ['--config', '/etc/vllm.yaml'], / Not counted: the arguments in \/etc\/vllm\.yaml \(--config\)\.$/],
  ['vllm', ['--kv-cache-memory-bytes', '8g'], / Not counted: a cache of a fixed size \(--kv-cache-memory-bytes\)\.$/],
  ['transformers', ['--cb-num-blocks', '64'], / Not counted: a cache of a fixed size \(--cb-num-blocks\)\.$/],
  [
    'fastchat',
    ['--max-gpu', '8GiB'],
    / Not counted: which weights stay in the memory of the host \(--max-gpu-memory\)\.$/,
  ],
  ['llamacpp', ['--moe-cache-mib', '512'], / Not counted: a cache of experts \(--moe-cache-mib\)\.$/],
  ['vllm', ['--enable-lora', '--no-enable-lora'], /% headroom [\d.]+ GiB\.$/],
  ['sglang', ['--speculative-algorithm=EAGLE'], / Not counted: speculative decoding \(--speculative-algorithm\)\.$/],
])('%s with %j says what is not counted', (name, args, sentence) => {
  const fit = fitsGpu(llama, engine(args, {}, name), { gpus: 1, gpu: gpu('nvidia-h100-80gb') });
  expect(fit?.sentence).toMatch(sentence);
});

test('an engine gives each copy of a model its part of the sequences', () => {
  const parts = (name: string, args: readonly string[]) => engine(args, onGpus(8), name).sequences;
  // serving.sequences are 16 of the whole pod
  expect(parts('vllm', ['-dp', '8'])).toBe(2);
  expect(parts('sglang', ['--dp', '8'])).toBe(2);
  expect(parts('sglang', ['--dp', '8', '--enable-dp-attention'])).toBe(2);
  expect(parts('sglang', ['--attn-dp-size', '8'])).toBe(2);
});
