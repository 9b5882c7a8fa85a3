import { computeProblem } from './gpu-compute.ts';
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
    /quantised with fp8.*8\.0/,
  ],
  [
    'an FP8 cache on an A100',
    {},
    'vllm',
    ['--kv-cache-dtype', 'fp8'],
    'nvidia-a100-80gb',
    /keeps its cache in FP8.* 8\.9/,
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
])('%s', (_name, config, name, args, gpuClass, expected) => {
  const gpu = gpuClasses.get(gpuClass);
  if (!gpu) throw new Error(`no class ${gpuClass}`);
  const model = { bytes: 1, ...architectureOf(JSON.stringify({ model_type: 'llama', ...config }), 'config.json') };
  const engine = engineMemory(tinyService({ engine: { name, arguments: args } }));
  const problem = computeProblem(model, engine, gpu);
  if (expected) expect(problem).toMatch(expected);
  else expect(problem).toBeUndefined();
});
