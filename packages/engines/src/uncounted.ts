import type { Flags } from './flags.ts';
import { isUncountedMethod } from './loaded-weights.ts';

/** What an argument brings to the GPU, or takes from it, that an estimate does not know. */
const uncounted: readonly (readonly [flag: string, what: string, unless?: string])[] = [
  ['--enable-lora', 'LoRA adapters'],
  ['--lora-modules', 'LoRA adapters'],
  ['--lora-paths', 'LoRA adapters'],
  ['--lora-adapters', 'LoRA adapters'],
  ['--lora', 'LoRA adapters'],
  ['--lora-scaled', 'LoRA adapters'],
  ['--control-vector', 'control vectors'],
  ['--cpu-offload-params', 'which weights stay in the memory of the host'],
  ['--offload-group-size', 'layers that stay in the memory of the host'],
  ['--kv-cache-memory-bytes', 'a cache of a fixed size'],
  ['--num-gpu-blocks-override', 'a cache of a fixed size'],
  ['--kv-cache-dtype-skip-layers', 'layers whose cache stays in 16 bits'],
  ['--max-batch-total-tokens', 'a cache of a fixed size'],
  ['--cb-num-blocks', 'a cache of a fixed size'],
  ['--cb-max-memory-percent', 'a cache of a fixed size'],
  ['--cpu-offloading', 'which weights stay in the memory of the host'],
  ['--max-gpu-memory', 'which weights stay in the memory of the host'],
  ['--gptq-ckpt', 'weights of another file'],
  ['--awq-ckpt', 'weights of another file'],
  ['--kv-transfer-config', 'what moves the cache elsewhere'],
  ['--eplb-config', 'redundant experts'],
  ['--ep-num-redundant-experts', 'redundant experts'],
  ['--speculative-config', 'speculative decoding'],
  ['--spec-method', 'speculative decoding'],
  ['--spec-model', 'speculative decoding'],
  ['--speculative-algorithm', 'speculative decoding'],
  ['--speculative-draft-model-path', 'speculative decoding'],
  ['--speculate', 'speculative decoding'],
  ['--model-draft', 'a draft model'],
  ['--hf-repo-draft', 'a draft model'],
  ['--spec-type', 'speculative decoding'],
  ['--mmproj', 'what turns images and sound into tokens', '--no-mmproj-offload'],
  ['--mmproj-url', 'what turns images and sound into tokens', '--no-mmproj-offload'],
  ['--attn-cp-size', 'prompts that several GPUs share'],
  ['--dcp-size', 'tokens that several GPUs share'],
  ['--override-tensor', 'tensors in a place of their own'],
  ['--kt-weight-path', 'experts that stay in the memory of the host'],
  ['--enable-paged-experts', 'experts that stay in the memory of the host'],
  ['--rpc', 'devices of other machines'],
  ['--moe-cache-mib', 'a cache of experts'],
  ['--n-cpu-ffn', 'layers that stay in the memory of the host'],
];

/**
 * `LoRA adapters (--enable-lora)`, one for each thing.
 * @param more whether nobody knows the size of the cache's type, so that it counts as the type of the computation, and what
 *             `argumentsElsewhere` found, where somebody has looked
 */
export function uncountedBy(
  flags: Flags,
  more: { readonly cacheType?: boolean; readonly elsewhere?: readonly string[] } = {},
): string[] {
  const found = new Map<string, string>();
  if (more.cacheType) found.set(`what the cache type ${flags.text('--kv-cache-dtype')} saves`, '--kv-cache-dtype');
  for (const [flag, what, unless = ''] of uncounted)
    if (flags.has(flag) && !flags.has(unless) && !found.has(what)) found.set(what, flag);
  const method = flags.text('--quantization');
  if (isUncountedMethod(method)) found.set(`what ${method} makes of the weights`, '--quantization');
  if (flags.has('--config') && !more.elsewhere) found.set(`the arguments in ${flags.text('--config')}`, '--config');
  return [...found].map(([what, flag]) => `${what} (${flag})`);
}
