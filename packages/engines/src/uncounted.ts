import type { Flags } from './flags.ts';

/** What an argument brings to the GPU, or takes from it, that an estimate does not know. */
const uncounted: readonly (readonly [flag: string, what: string])[] = [
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
  ['--max-total-tokens', 'a cache of a fixed size'],
  ['--kv-cache-dtype-skip-layers', 'layers whose cache stays in 16 bits'],
  ['--speculative-config', 'speculative decoding'],
  ['--spec-method', 'speculative decoding'],
  ['--spec-model', 'speculative decoding'],
  ['--speculative-algorithm', 'speculative decoding'],
  ['--speculative-draft-model-path', 'speculative decoding'],
  ['--speculate', 'speculative decoding'],
];

/**
 * `LoRA adapters (--enable-lora)`, one for each thing.
 * @param more whether nobody knows the size of the cache's type, so that it counts as the type of the computation, and what the file of
 *             --config says, where somebody has read it
 */
export function uncountedBy(
  flags: Flags,
  more: { readonly cacheType?: boolean; readonly file?: readonly string[] } = {},
): string[] {
  const found = new Map<string, string>();
  if (more.cacheType) found.set(`what the cache type ${flags.text('--kv-cache-dtype')} saves`, '--kv-cache-dtype');
  for (const [flag, what] of uncounted) if (flags.has(flag) && !found.has(what)) found.set(what, flag);
  if (flags.has('--config') && !more.file) found.set(`the arguments in ${flags.text('--config')}`, '--config');
  return [...found].map(([what, flag]) => `${what} (${flag})`);
}
