import { english } from '@fairway/service/reasons/delivery-reason';
import { gpuClasses } from '@fairway/service/gpu-classes';
import { architectureOf } from '@fairway/service/model/config-json';
import { tinyService } from '../../../test/fixtures/service.ts';
import { computeReason } from './gpu-compute.ts';
import { engineMemory, estimateGpuMemory, fitsGpu } from './gpu-memory.ts';

// keys and values of Llama 3.1 8B: 32 layers, 8 heads of 128 values
const llama = {
  model_type: 'llama',
  hidden_size: 4096,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
};
// DeepSeek V3.2: 61 layers of a vector of 512 + 64 values, each with an index of 128 values in 8 bits and a scale
const sparse = {
  model_type: 'deepseek_v32',
  hidden_size: 7168,
  num_hidden_layers: 61,
  num_attention_heads: 128,
  num_key_value_heads: 128,
  kv_lora_rank: 512,
  qk_nope_head_dim: 128,
  qk_rope_head_dim: 64,
  v_head_dim: 128,
  index_head_dim: 128,
  index_topk: 2048,
};
// Qwen3-Next: one layer of attention after three of states, which vLLM does not spare
const hybrid = {
  ...llama,
  model_type: 'qwen3_next',
  num_hidden_layers: 4,
  head_dim: 128,
  layer_types: ['linear_attention', 'linear_attention', 'linear_attention', 'full_attention'],
  linear_num_value_heads: 32,
  linear_num_key_heads: 16,
  linear_key_head_dim: 128,
  linear_value_head_dim: 128,
  linear_conv_kernel_dim: 4,
};

const model = (config: object) => ({
  bytes: 16e9,
  dtype: 'BF16',
  ...architectureOf(JSON.stringify(config), 'config.json'),
});

function engine(name: string, args: readonly string[], version?: string) {
  const serving = { contextLength: 8192, sequences: 1 };
  return engineMemory(tinyService({ engine: { name, arguments: args }, serving }), version);
}

function perToken(name: string, args: readonly string[], config: object, version?: string, gpu = 'nvidia-h200-141gb') {
  return estimateGpuMemory(model(config), engine(name, args, version), 1, gpuClasses.get(gpu))?.kvCachePerToken;
}

// bytes of a token and layer, with the file of vLLM 0.33 that says so
test.each<[string, string, object, number]>([
  ['8 · (128 + 128) values of 2 bytes', 'bfloat16', llama, 32 * 4096],
  ['of 1 byte', 'fp8_e5m2', llama, 32 * 2048],
  ['8 · (2 · 128 values and 2 scales of 4 bytes), triton_attn.py', 'int8_per_token_head', llama, 32 * 2112],
  ['8 · (2 · 64 bytes and 2 scales), triton_attn.py', 'int4_per_token_head', llama, 32 * 1088],
  ['16 · (128 / 2 + 128 / 16), torch_utils.py', 'nvfp4', llama, 32 * 1152],
  ['the same layout, config/cache.py', 'nvfp4_4over6', llama, 32 * 1152],
  ['8 · (128 + 68), four layers in 16 bits, turboquant/config.py', 'turboquant_k8v4', llama, 28 * 1568 + 4 * 4096],
  ['8 · (66 + 68)', 'turboquant_4bit_nc', llama, 28 * 1072 + 4 * 4096],
  ['8 · (50 + 68)', 'turboquant_k3v4_nc', llama, 28 * 944 + 4 * 4096],
  ['8 · (50 + 52)', 'turboquant_3bit_nc', llama, 28 * 816 + 4 * 4096],
  ['no layer of a hybrid model is spared', 'turboquant_3bit_nc', hybrid, 816],
  [
    'heads of 90 values: 34 + 2 + 34 + 4 bytes, which is even',
    'turboquant_3bit_nc',
    { ...llama, head_dim: 90 },
    28 * 592 + 4 * 2880,
  ],
  ['656 bytes and the index, mla_attention.py', 'fp8_ds_mla', sparse, 61 * (656 + 132)],
  ['Hopper reads FP8 in that format', 'fp8', sparse, 61 * (656 + 132)],
  ['352 bytes and the index', 'nvfp4_ds_mla', sparse, 61 * (352 + 132)],
  ['16 bits', 'auto', sparse, 61 * (1152 + 132)],
])('vLLM: %s (%s)', (_why, type, config, expected) => {
  expect(perToken('vllm', ['--kv-cache-dtype', type], config, '0.33.0')).toBe(expected);
});

const quantized = (of: object) => ({ ...llama, quantization_config: of });
const modelopt = (algorithm: string) =>
  quantized({ quant_method: 'modelopt', quant_algo: 'FP8', kv_cache_quant_algo: algorithm });
const compressor = quantized({
  quant_method: 'compressed-tensors',
  kv_cache_scheme: { num_bits: 8, type: 'float', dynamic: false },
});
const fp8Scheme = quantized({ quant_method: 'fp8', kv_cache_scheme: { num_bits: 8, type: 'float' } });

// what a checkpoint has scales for counts where no argument says another type, as of the version that looks
test.each<[string, string, string | undefined, readonly string[], object, number]>([
  ['ModelOpt', 'vllm', '0.24.0', [], modelopt('FP8'), 2048],
  ['ModelOpt before anybody looked', 'vllm', '0.13.0', [], modelopt('FP8'), 4096],
  ['ModelOpt, and the argument says 16 bits', 'vllm', '0.24.0', ['--kv-cache-dtype=bfloat16'], modelopt('FP8'), 4096],
  ['ModelOpt, and the argument says auto', 'vllm', undefined, ['--kv-cache-dtype', 'auto'], modelopt('fp8'), 2048],
  ['ModelOpt with four bits', 'vllm', '0.20.0', [], modelopt('NVFP4'), 1152],
  ['ModelOpt with four bits before that type', 'vllm', '0.19.1', [], modelopt('NVFP4'), 4096],
  ['ModelOpt with a type that vLLM does not know', 'vllm', '0.32.0', [], modelopt('INT8'), 4096],
  ['llm-compressor', 'vllm', '0.16.0', [], compressor, 2048],
  ['llm-compressor before', 'vllm', '0.14.0', [], compressor, 4096],
  ['a scheme of a method that has none', 'vllm', '0.32.0', [], fp8Scheme, 4096],
  ['ModelOpt', 'sglang', '0.5.6', [], modelopt('FP8'), 2048],
  ['ModelOpt, and the argument', 'sglang', '0.5.6', ['--kv-cache-dtype', 'bf16'], modelopt('FP8'), 4096],
  ['ModelOpt with four bits, which it does not take by itself', 'sglang', '0.5.23', [], modelopt('NVFP4'), 4096],
  ['llm-compressor, whose scheme it does not read', 'sglang', '0.5.6', [], compressor, 4096],
  ['a scale of 8 bits for 32 values', 'sglang', '0.5.23', ['--kv-cache-dtype', 'mxfp8'], llama, 2112],
  ['a scale of 8 bits for 16 values', 'sglang', '0.5.23', ['--kv-cache-dtype', 'nvfp4'], llama, 1152],
])('the cache of a checkpoint: %s in %s %s', (_name, name, version, args, config, expected) => {
  expect(perToken(name, args, config, version)).toBe(32 * expected);
});

// without an argument, sparse attention has a type of its own on Blackwell (SM 10.x)
test.each<[string, string, string, object, number]>([
  ['vllm', '0.32.0', 'nvidia-b200-180gb', sparse, 1152],
  ['vllm', '0.32.0', 'nvidia-b200-180gb', { ...sparse, model_type: 'glm_moe_dsa' }, 576],
  ['vllm', '0.28.0', 'nvidia-b200-180gb', { ...sparse, model_type: 'glm_moe_dsa' }, 1152],
  ['vllm', '0.32.0', 'nvidia-h200-141gb', { ...sparse, model_type: 'glm_moe_dsa' }, 1152],
  // 512 values, four scales of 32 bits, and 64 values in 16 bits; TRT-LLM's kernels read 576 values
  ['sglang', '0.5.6', 'nvidia-b200-180gb', sparse, 656],
  ['sglang', '0.5.23', 'nvidia-b200-180gb', sparse, 576],
  ['sglang', '0.5.23', 'nvidia-h200-141gb', sparse, 1152],
])('sparse attention: %s %s on %s', (name, version, gpu, config, expected) => {
  expect(perToken(name, [], config, version, gpu)).toBe(61 * (expected + 132));
});

// the record of FlashMLA on SM100 has 528 bytes, and elsewhere DeepSeek V4's 584 (vllm/models/deepseek_v41/attention.py)
test.each([
  ['nvidia-b200-180gb', 528],
  ['nvidia-b300-288gb', 528],
  ['nvidia-h200-141gb', 584],
])('DeepSeek V4.1 on %s', (gpu, bytes) => {
  const sources = { compress_ratios: [0, 2, 1], kv_source_layer_ids: [1, 2], index_head_dim: 128 };
  const sizes = { num_hidden_layers: 3, num_attention_heads: 64, head_dim: 512, sliding_window: 128 };
  const text = { model_type: 'deepseek_v41_text', hidden_size: 5120, ...sizes, ...sources };
  expect(perToken('vllm', [], { text_config: text }, undefined, gpu)).toBe((bytes + 132) / 2 + bytes + 132);
});

test.each<[string, string, string | undefined, RegExp | undefined]>([
  ['vllm', 'nvfp4', '0.19.1', /The engine vllm 0\.19\.1 has no cache type nvfp4, .* one of auto, .*fp8_e4m3/],
  ['vllm', 'int4_per_token_head', '0.24.0', /no cache type int4_per_token_head/],
  ['vllm', 'fp16', '0.33.0', /no cache type fp16/],
  ['sglang', 'fp8', '0.5.6', /The engine sglang 0\.5\.6 has no cache type fp8, .* auto, fp8_e5m2, fp8_e4m3/],
  ['sglang', 'fp4_e2m1', '0.5.23', /no cache type fp4_e2m1/],
  ['sglang', 'mxfp8', '0.5.10', /no cache type mxfp8/],
  ['tgi', 'fp8', undefined, /The engine tgi 3 has no cache type fp8, .* fp8_e4m3fn, fp8_e5m2/],
  ['tgi', 'fp8_e4m3fn', undefined, undefined],
  ['vllm', 'nvfp4', '0.20.0', undefined],
  // between the versions that were read, and after them
  ['sglang', 'mxfp8', '0.5.15', undefined],
  ['vllm', 'of_tomorrow', '0.40.0', undefined],
  ['vllm', 'of_a_plugin', undefined, undefined],
])('%s with %s in %s', (name, type, version, expected) => {
  const gpu = gpuClasses.get('nvidia-h200-141gb');
  if (!gpu) throw new Error('no such class');
  const reason = computeReason(model(llama), engine(name, ['--kv-cache-dtype', type], version), gpu);
  const problem = reason && english(reason);
  if (expected) expect(problem).toMatch(expected);
  else expect(problem).toBeUndefined();
});

/** What keeps an engine from computing Llama on an L4 with these arguments; undefined for nothing. */
function expectProblem(name: 'vllm' | 'llamacpp', args: readonly string[], expected: RegExp | undefined) {
  const gpu = gpuClasses.get('nvidia-l4-24gb');
  if (!gpu) throw new Error('no such class');
  const reason = computeReason(model(llama), engine(name, args), gpu);
  const problem = reason && english(reason);
  if (expected) expect(problem).toMatch(expected);
  else expect(problem).toBeUndefined();
}

// `verify_max_model_len` of vllm/config/scheduler.py
test.each<[readonly string[], RegExp | undefined]>([
  [['--max-num-seqs', '256', '--max-num-batched-tokens', '128'], /takes 128 tokens a step .* needs 256/],
  [
    ['--max-model-len', '8k', '--no-enable-chunked-prefill', '--max-num-batched-tokens', '4k'],
    /takes 4000 tokens a step .* needs 8000/,
  ],
  [['--max-model-len', '8k', '--max-num-batched-tokens', '4k'], undefined],
])('vLLM with %j', (args, expected) => {
  expectProblem('vllm', args, expected);
});

// `llama_init_from_model`: "quantized V cache requires flash_attn to be enabled"
test.each<[readonly string[], RegExp | undefined]>([
  [['-ctv', 'q8_0', '-fa', 'off'], /reads values of the type q8_0 with flash attention alone/],
  [['-ctv', 'q8_0', '--flash-attn', '0'], /flash attention alone/],
  [['-ctk', 'q8_0', '-fa', 'off'], undefined],
  [['-ctv', 'q8_0'], undefined],
  [['-ctv', 'bf16', '-fa', 'off'], undefined],
])('llama.cpp with %j', (args, expected) => {
  expectProblem('llamacpp', args, expected);
});

test('a type of which nobody knows the size counts as 16 bits, and the sentence says so', () => {
  const gpu = gpuClasses.get('nvidia-h200-141gb');
  if (!gpu) throw new Error('no such class');
  const fit = fitsGpu(model(llama), engine('vllm', ['--kv-cache-dtype', 'octave_k3v3'], '0.33.0'), { gpus: 1, gpu });
  expect(fit?.estimate.kvCachePerToken).toBe(32 * 4096);
  expect(fit?.sentence).toContain('Not counted: what the cache type octave_k3v3 saves (--kv-cache-dtype).');
});
