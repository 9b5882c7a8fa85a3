import { english } from '@fairway/service/reasons/delivery-reason';
import { computeReason } from './gpu-compute.ts';
import { gpuClasses } from '@fairway/service/gpu-classes';
import { engineMemory } from './gpu-memory.ts';
import { architectureOf } from '@fairway/service/model/config-json';
import { tinyService } from '../../../test/fixtures/service.ts';

const quantized = (quantization_config: object) => ({ torch_dtype: 'float16', quantization_config });
const nvfp4 = quantized({ quant_method: 'modelopt', quant_algo: 'NVFP4' });

test.each<[string, object, string, readonly string[], string, RegExp | undefined]>([
  ['FP8 weights in 16 bits on an A100', quantized({ quant_method: 'fp8' }), 'vllm', [], 'nvidia-a100-80gb', undefined],
  [
    'FP8 weights on a V100',
    quantized({ quant_method: 'fp8' }),
    'vllm',
    [],
    'nvidia-v100-32gb',
    /quantised with fp8.*7\.5/,
  ],
  ['the other FP8 cache on an A100', {}, 'vllm', ['--kv-cache-dtype', 'fp8_e5m2'], 'nvidia-a100-80gb', undefined],
  ['NVFP4 on an A100', nvfp4, 'vllm', [], 'nvidia-a100-80gb', undefined],
  [
    'NVFP4 in TGI',
    nvfp4,
    'tgi',
    [],
    'nvidia-b200-180gb',
    /tgi does not load weights that are quantised with modelopt_fp4/,
  ],
  ['AWQ on a V100', quantized({ quant_method: 'awq' }), 'vllm', [], 'nvidia-v100-16gb', /quantised with awq.*7\.5/],
  ['BF16 on an MI300X', { dtype: 'bfloat16' }, 'vllm', [], 'amd-mi300x-192gb', undefined],
  ['16 bits as an argument says', { dtype: 'bfloat16' }, 'tgi', ['--dtype', 'float16'], 'nvidia-t4-16gb', undefined],
  // FlashMLA's and FlashInfer's sparse kernels: vllm/v1/attention/backends/mla/*_sparse*.py of 0.33
  [
    'sparse attention on an A100',
    { model_type: 'deepseek_v32', torch_dtype: 'float16' },
    'vllm',
    [],
    'nvidia-a100-80gb',
    /sparse attention, whose kernels in vllm need compute capability 9\.0, and nvidia-a100-80gb has 8\.0/,
  ],
  [
    'compressed attention on an L40S',
    { model_type: 'deepseek_v4' },
    'sglang',
    [],
    'nvidia-l40s-48gb',
    /sparse attention/,
  ],
  ['sparse attention on an H200', { model_type: 'deepseek_v32' }, 'vllm', [], 'nvidia-h200-141gb', undefined],
  [
    'latent attention without an index on an A100',
    { model_type: 'deepseek_v3' },
    'vllm',
    [],
    'nvidia-a100-80gb',
    undefined,
  ],
  [
    'weights of MLX',
    { quantization: { group_size: 64, bits: 4 } },
    'vllm',
    [],
    'nvidia-h100-80gb',
    /vllm does not load weights that are quantised with mlx\. Choose another engine, or weights without/,
  ],
  [
    'GPTQ of a file that names no method',
    quantized({ bits: 4, group_size: 128, desc_act: false }),
    'vllm',
    [],
    'nvidia-t4-16gb',
    undefined,
  ],
])('%s', (_name, config, name, args, gpuClass, expected) => {
  const gpu = gpuClasses.get(gpuClass);
  if (!gpu) throw new Error(`no class ${gpuClass}`);
  const model = { bytes: 1, ...architectureOf(JSON.stringify({ model_type: 'llama', ...config }), 'config.json') };
  const engine = engineMemory(tinyService({ engine: { name, arguments: args } }));
  const reason = computeReason(model, engine, gpu);
  const problem = reason && english(reason);
  if (expected) expect(problem).toMatch(expected);
  else expect(problem).toBeUndefined();
});

// `QuantizationMethods` of the wheels 0.14.0, 0.15.0, 0.27.0 and 0.28.0
test.each<[string, string | undefined, object, readonly string[], RegExp | undefined]>([
  ['bitsandbytes', '0.27.0', quantized({ quant_method: 'bitsandbytes' }), [], undefined],
  [
    'bitsandbytes',
    '0.28.0',
    quantized({ quant_method: 'bitsandbytes' }),
    [],
    /vllm 0\.28\.0 does not load .* bitsandbytes/,
  ],
  ['bitsandbytes', undefined, quantized({ quant_method: 'bitsandbytes' }), [], undefined],
  ['its argument', '0.33.0', {}, ['--quantization', 'bitsandbytes'], /does not load .* bitsandbytes/],
  ['its argument', '0.24.0', {}, ['-q', 'bitsandbytes'], undefined],
  ['HQQ', '0.15.0', quantized({ quant_method: 'hqq' }), [], /does not load .* hqq/],
  ['HQQ', '0.14.0', quantized({ quant_method: 'hqq' }), [], undefined],
  ['AQLM', undefined, quantized({ quant_method: 'aqlm' }), [], /does not load .* aqlm/],
])('%s in vLLM %s', (_name, version, config, args, expected) => {
  const gpu = gpuClasses.get('nvidia-h100-80gb');
  if (!gpu) throw new Error('no such class');
  const model = { bytes: 1, ...architectureOf(JSON.stringify({ model_type: 'llama', ...config }), 'config.json') };
  const reason = computeReason(
    model,
    engineMemory(tinyService({ engine: { name: 'vllm', arguments: args } }), version),
    gpu,
  );
  const problem = reason && english(reason);
  if (expected) expect(problem).toMatch(expected);
  else expect(problem).toBeUndefined();
});

// `get_min_capability` of each version
test.each<[string, string, object, string, string | undefined]>([
  ['vllm', '0.26.0', quantized({ quant_method: 'modelopt', quant_algo: 'FP8' }), 'nvidia-a100-80gb', '8.9'],
  ['vllm', '0.27.0', quantized({ quant_method: 'modelopt', quant_algo: 'FP8' }), 'nvidia-a100-80gb', undefined],
  ['vllm', '0.27.0', quantized({ quant_method: 'modelopt', quant_algo: 'FP8' }), 'nvidia-t4-16gb', '8.0'],
  ['vllm', '0.13.0', nvfp4, 'nvidia-t4-16gb', '8.0'],
  ['vllm', '0.14.0', nvfp4, 'nvidia-t4-16gb', undefined],
  ['vllm', '0.14.0', quantized({ quant_method: 'fp8' }), 'nvidia-t4-16gb', '8.0'],
  ['vllm', '0.16.0', quantized({ quant_method: 'fp8' }), 'nvidia-t4-16gb', undefined],
  ['vllm', '0.23.0', quantized({ quant_method: 'modelopt', quant_algo: 'MIXED_PRECISION' }), 'nvidia-a30-24gb', '8.9'],
  ['sglang', '0.5.6', nvfp4, 'nvidia-h20-96gb', '10.0'],
  ['sglang', '0.5.6', nvfp4, 'nvidia-rtx-pro-6000-96gb', undefined],
  ['sglang', '0.5.23', nvfp4, 'nvidia-h20-96gb', undefined],
  ['sglang', '0.5.23', quantized({ quant_method: 'modelopt', quant_algo: 'FP8' }), 'nvidia-a800-80gb', '8.9'],
])('%s %s with %j on %s', (name, version, config, gpuClass, least) => {
  const gpu = gpuClasses.get(gpuClass);
  if (!gpu) throw new Error(`no class ${gpuClass}`);
  const model = { bytes: 1, ...architectureOf(JSON.stringify({ model_type: 'llama', ...config }), 'config.json') };
  const reason = computeReason(model, engineMemory(tinyService({ engine: { name } }), version), gpu);
  const problem = reason && english(reason);
  if (least === undefined) expect(problem).toBeUndefined();
  else expect(problem).toContain(`needs compute capability ${least}`);
});

const latent = {
  kv_lora_rank: 512,
  qk_rope_head_dim: 64,
  qk_nope_head_dim: 128,
  hidden_size: 64,
  num_hidden_layers: 1,
  num_attention_heads: 8,
};
const scaled = quantized({ quant_method: 'compressed-tensors', kv_cache_scheme: { num_bits: 8, type: 'float' } });
const fp8 = ['--kv-cache-dtype', 'fp8'];

// vllm-project/vllm#24577, and the order of backends in vllm/platforms/cuda.py
test.each<[string, string | undefined, readonly string[], object, string, RegExp | undefined]>([
  ['vllm', '0.11.2', fp8, {}, 'nvidia-a100-80gb', /keeps its cache in FP8.* 8\.9, .*take --kv-cache-dtype out/],
  ['vllm', '0.12.0', fp8, {}, 'nvidia-a100-80gb', undefined],
  ['vllm', undefined, fp8, {}, 'nvidia-a30-24gb', undefined],
  ['vllm', '0.32.0', fp8, {}, 'nvidia-t4-16gb', /keeps its cache in FP8.* 8\.0, and nvidia-t4-16gb has 7\.5/],
  ['vllm', '0.32.0', fp8, latent, 'nvidia-a100-80gb', /keeps its cache in FP8.* 8\.9/],
  [
    'vllm',
    '0.32.0',
    [],
    scaled,
    'nvidia-t4-16gb',
    /bring scales for a cache in FP8.* 8\.0, .* --kv-cache-dtype float16,/,
  ],
  ['vllm', '0.32.0', ['--kv-cache-dtype', 'float16'], scaled, 'nvidia-t4-16gb', undefined],
  ['vllm', '0.14.0', [], scaled, 'nvidia-t4-16gb', undefined],
  ['sglang', '0.5.6', ['--kv-cache-dtype', 'fp8_e4m3'], {}, 'nvidia-a100-80gb', /keeps its cache in FP8.* 8\.9/],
])('a cache in FP8: %s %s with %j and %j on %s', (name, version, args, config, gpuClass, expected) => {
  const gpu = gpuClasses.get(gpuClass);
  if (!gpu) throw new Error(`no class ${gpuClass}`);
  const shape = {
    model_type: 'llama',
    torch_dtype: 'float16',
    hidden_size: 64,
    num_hidden_layers: 1,
    num_attention_heads: 8,
  };
  const model = { bytes: 1, ...architectureOf(JSON.stringify({ ...shape, ...config }), 'config.json') };
  const reason = computeReason(model, engineMemory(tinyService({ engine: { name, arguments: args } }), version), gpu);
  const problem = reason && english(reason);
  if (expected) expect(problem).toMatch(expected);
  else expect(problem).toBeUndefined();
});
