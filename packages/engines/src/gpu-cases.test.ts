import { english } from '@fairway/service/reasons/delivery-reason';
import { computeReason } from './gpu-compute.ts';
import { engineMemory, fitsGpu } from './gpu-memory.ts';
import { gpuClasses } from '@fairway/service/gpu-classes';
import { parallelReason } from './gpu-parallel.ts';
import { gib } from '@fairway/service/gibibyte';
import { architectureOf } from '@fairway/service/model/config-json';
import { tinyService } from '../../../test/fixtures/service.ts';

interface Case {
  readonly model: string;
  /** Bytes of its weights, and what its config.json tells. */
  readonly bytes: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly gpu: readonly [count: number, name: string];
  readonly serving: readonly [contextLength: number, sequences: number];
  readonly arguments?: readonly string[];
  readonly engine?: 'vllm' | 'sglang';
  /** Of `bytes`, those of routed experts. */
  readonly expertBytes?: number;
  readonly cache?: string;
  readonly verdict: 'fits' | RegExp;
}

const llama = {
  model: 'Llama 3.1 8B',
  bytes: 16_060_522_496,
  config: {
    model_type: 'llama',
    torch_dtype: 'bfloat16',
    hidden_size: 4096,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    intermediate_size: 14_336,
    vocab_size: 128_256,
    max_position_embeddings: 131_072,
  },
} as const;
const qwen = {
  model: 'Qwen2.5 7B',
  bytes: 15_231_233_024,
  config: {
    model_type: 'qwen2',
    hidden_size: 3584,
    num_hidden_layers: 28,
    num_attention_heads: 28,
    num_key_value_heads: 4,
  },
} as const;
const gptOss = {
  model: 'gpt-oss-120b',
  bytes: 65_250_000_000,
  config: {
    model_type: 'gpt_oss',
    hidden_size: 2880,
    num_hidden_layers: 36,
    num_attention_heads: 64,
    num_key_value_heads: 8,
    head_dim: 64,
    sliding_window: 128,
    layer_types: ['sliding_attention', 'full_attention'],
    quantization_config: { quant_method: 'mxfp4' },
  },
} as const;

const qwen235 = {
  model: 'Qwen3 235B in FP8: experts whose blocks eight GPUs would cut',
  bytes: 236_000_000_000,
  config: {
    model_type: 'qwen3_moe',
    hidden_size: 4096,
    num_hidden_layers: 94,
    num_attention_heads: 64,
    num_key_value_heads: 4,
    head_dim: 128,
    moe_intermediate_size: 1536,
    quantization_config: { quant_method: 'fp8', weight_block_size: [128, 128] },
  },
} as const;
const deepSeek = {
  model: 'DeepSeek V3: latent attention, whole on every GPU',
  bytes: 688_600_000_000,
  config: {
    model_type: 'deepseek_v3',
    hidden_size: 7168,
    num_hidden_layers: 61,
    num_attention_heads: 128,
    num_key_value_heads: 128,
    kv_lora_rank: 512,
    qk_nope_head_dim: 128,
    qk_rope_head_dim: 64,
    v_head_dim: 128,
    quantization_config: { quant_method: 'fp8', weight_block_size: [128, 128] },
  },
  // 59 layers, that of the draft with them, of 256 experts of three matrices in 8 bits, with a scale of 32 bits for 128 × 128 values
  expertBytes: 59 * 256 * 3 * (7168 * 2048 + 4 * (7168 / 128) * (2048 / 128)),
} as const;

// sizes and shapes as the models' public files have them
const cases: readonly Case[] = [
  { ...deepSeek, gpu: [8, 'nvidia-h200-141gb'], serving: [32_768, 16], cache: '34.3 GiB', verdict: 'fits' },
  {
    ...deepSeek,
    // the recipe "DP8+EP" of vLLM's page about DeepSeek V3: two sequences on each GPU
    arguments: ['-dp', '8', '--enable-expert-parallel'],
    gpu: [8, 'nvidia-h200-141gb'],
    serving: [32_768, 16],
    cache: '4.3 GiB',
    verdict: 'fits',
  },
  {
    ...deepSeek,
    // a copy of the whole model on each GPU is what no argument asks for: experts are shared without the flag too
    arguments: ['--data-parallel-size=8'],
    gpu: [8, 'nvidia-h200-141gb'],
    serving: [32_768, 16],
    cache: '4.3 GiB',
    verdict: 'fits',
  },
  {
    ...deepSeek,
    engine: 'sglang',
    gpu: [8, 'nvidia-h200-141gb'],
    serving: [32_768, 8],
    // 61 · 576 values of 16 bits, for 8 × 32,768 tokens
    cache: '17.2 GiB',
    verdict: 'fits',
  },
  {
    ...deepSeek,
    engine: 'sglang',
    // "DP attention" of SGLang's page about DeepSeek: a sequence on each GPU
    arguments: ['--dp', '8', '--enable-dp-attention'],
    gpu: [8, 'nvidia-h200-141gb'],
    serving: [32_768, 8],
    cache: '2.1 GiB',
    verdict: 'fits',
  },
  {
    ...deepSeek,
    // "Context Parallel Deployment" of vLLM: the tokens of the vector are divided, and each GPU has an eighth of them
    arguments: ['-dcp', '8'],
    gpu: [8, 'nvidia-h200-141gb'],
    serving: [32_768, 16],
    cache: '4.3 GiB',
    verdict: 'fits',
  },
  {
    ...deepSeek,
    arguments: ['--decode-context-parallel-size=3'],
    gpu: [8, 'nvidia-h200-141gb'],
    serving: [32_768, 16],
    verdict: /Each KV head is on 8 of the GPUs, which cannot divide its tokens into 3 parts.* a divisor of 8\./,
  },
  {
    ...llama,
    // 8 heads on 8 GPUs: no two GPUs have the same tokens
    arguments: ['-dcp', '2'],
    gpu: [8, 'nvidia-l4-24gb'],
    serving: [8192, 16],
    verdict: /Each KV head is on 1 of the GPUs/,
  },
  {
    model: 'Gemma 3 27B: windows in five layers of six',
    bytes: 54_860_000_000,
    config: {
      model_type: 'gemma3',
      text_config: {
        model_type: 'gemma3_text',
        hidden_size: 5376,
        num_hidden_layers: 62,
        num_attention_heads: 32,
        num_key_value_heads: 16,
        head_dim: 128,
        sliding_window: 1024,
        sliding_window_pattern: 6,
      },
    },
    gpu: [1, 'nvidia-h100-80gb'],
    serving: [131_072, 1],
    cache: '10.4 GiB',
    verdict: 'fits',
  },
  {
    model: 'Gemma 3 4B: heads that only its class tells',
    bytes: 8_600_000_000,
    config: {
      model_type: 'gemma3',
      text_config: { model_type: 'gemma3_text', hidden_size: 2560, num_hidden_layers: 34, sliding_window: 1024 },
    },
    gpu: [1, 'nvidia-l4-24gb'],
    serving: [8192, 4],
    verdict: 'fits',
  },
  {
    model: 'Falcon 7B: one KV head',
    bytes: 14_430_000_000,
    config: {
      model_type: 'falcon',
      hidden_size: 4544,
      num_hidden_layers: 32,
      num_attention_heads: 71,
      multi_query: true,
    },
    gpu: [1, 'nvidia-l4-24gb'],
    serving: [2048, 16],
    // 8,192 bytes a token
    cache: '0.3 GiB',
    verdict: 'fits',
  },
  {
    model: 'Qwen2 72B with YaRN',
    bytes: 145_400_000_000,
    config: {
      model_type: 'qwen2',
      hidden_size: 8192,
      num_hidden_layers: 80,
      num_attention_heads: 64,
      num_key_value_heads: 8,
    },
    gpu: [4, 'nvidia-h100-80gb'],
    serving: [131_072, 1],
    cache: '10.0 GiB',
    verdict: 'fits',
  },
  {
    ...qwen,
    gpu: [8, 'nvidia-l4-24gb'],
    serving: [8192, 4],
    verdict: /28 attention heads .* not divisible by 8 .* 1, 2, 4, 7, 14, 28 .* 7, 14 leave its 4 KV heads uneven/,
  },
  { ...qwen, gpu: [4, 'nvidia-l4-24gb'], serving: [8192, 4], verdict: 'fits' },
  {
    ...qwen,
    engine: 'sglang',
    gpu: [8, 'nvidia-l4-24gb'],
    serving: [8192, 4],
    verdict: /28 attention heads .* not divisible by 8/,
  },
  {
    ...llama,
    gpu: [1, 'nvidia-l4-24gb'],
    serving: [16_384, 2],
    arguments: ['--kv-cache-dtype', 'fp8'],
    cache: '2.0 GiB',
    verdict: 'fits',
  },
  { ...llama, gpu: [1, 'nvidia-l4-24gb'], serving: [16_384, 3], cache: '6.0 GiB', verdict: /does not fit/ },
  {
    ...llama,
    gpu: [1, 'nvidia-v100-16gb'],
    serving: [2048, 1],
    verdict: /BF16.* 8\.0, and nvidia-v100-16gb has 7\.0.*--dtype half/,
  },
  { ...llama, gpu: [1, 'nvidia-t4-16gb'], serving: [2048, 1], verdict: /BF16.* 8\.0, and nvidia-t4-16gb has 7\.5/ },
  { ...llama, gpu: [1, 'nvidia-v100-32gb'], serving: [8192, 4], arguments: ['--dtype=half'], verdict: 'fits' },
  { ...gptOss, gpu: [1, 'nvidia-h100-80gb'], serving: [8192, 4], verdict: /does not fit: weights 64\.8 GiB/ },
  { ...gptOss, gpu: [1, 'nvidia-h200-141gb'], serving: [8192, 4], verdict: 'fits' },
  {
    model: 'Mixtral 8x7B',
    bytes: 93_405_585_408,
    config: {
      model_type: 'mixtral',
      hidden_size: 4096,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      sliding_window: null,
    },
    gpu: [2, 'nvidia-h100-80gb'],
    serving: [8192, 16],
    verdict: 'fits',
  },
  { ...llama, gpu: [1, 'nvidia-h100-80gb'], serving: [8192, 16], cache: '16.0 GiB', verdict: 'fits' },
  {
    model: 'Qwen3.5 2B as it is saved again',
    bytes: 4_550_000_000,
    config: {
      model_type: 'qwen3_5',
      text_config: {
        model_type: 'qwen3_5_text',
        architectures: null,
        hidden_size: 2048,
        num_hidden_layers: 24,
        num_attention_heads: 8,
        num_key_value_heads: 2,
        head_dim: 256,
      },
    },
    gpu: [1, 'nvidia-l4-24gb'],
    serving: [8192, 16],
    verdict: 'fits',
  },
  {
    ...qwen235,
    gpu: [8, 'nvidia-h100-80gb'],
    serving: [8192, 4],
    verdict: /1536 divided by 8 GPUs is 192, which cuts a block.* 1, 2, 3, 4, 6, 12/,
  },
  // the way out that vLLM names: experts stay whole
  {
    ...qwen235,
    arguments: ['--enable-expert-parallel'],
    gpu: [8, 'nvidia-h100-80gb'],
    serving: [8192, 4],
    verdict: 'fits',
  },
];

test.each(cases.map(one => [one.model, one.gpu.join(' × '), one] as const))('%s on %s', (_model, _gpu, given) => {
  const [count, name] = given.gpu;
  const gpu = gpuClasses.get(name);
  if (!gpu) throw new Error(`no class ${name}`);
  const model = {
    ...architectureOf(JSON.stringify(given.config), 'config.json'),
    bytes: given.bytes,
    expertBytes: given.expertBytes,
  };
  const [contextLength, sequences] = given.serving;
  const service = tinyService({
    engine: { name: given.engine ?? 'vllm', arguments: given.arguments ?? [] },
    resources: { gpu: { class: name, count } },
    serving: { contextLength, sequences },
  });
  const engine = engineMemory(service);
  const reason = computeReason(model, engine, gpu) ?? parallelReason(model, engine, count);
  const problem = reason && english(reason);
  const fit = fitsGpu(model, engine, { gpus: count, gpu });
  if (given.cache !== undefined) expect(gib(fit?.estimate.kvCache ?? 0)).toBe(given.cache);
  if (given.verdict === 'fits') expect([problem, fit?.fits]).toEqual([undefined, true]);
  else expect(problem ?? fit?.sentence).toMatch(given.verdict);
});
