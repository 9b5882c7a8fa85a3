import type { Flags } from './flags.ts';

/** What an argument brings to the GPU, or takes from it, that an estimate does not know. */
const uncounted: readonly (readonly [flag: string, what: string])[] = [
  ['--enable-lora', 'LoRA adapters'],
  ['--lora-modules', 'LoRA adapters'],
  ['--lora-paths', 'LoRA adapters'],
  ['--cpu-offload-gb', 'weights that stay in the memory of the host'],
  ['--speculative-config', 'speculative decoding'],
  ['--speculative-model', 'speculative decoding'],
  ['--speculative-algorithm', 'speculative decoding'],
  ['--speculative-draft-model-path', 'speculative decoding'],
];

/**
 * `LoRA adapters (--enable-lora)`, one for each thing.
 * @param cacheType whether nobody knows the size of the cache's type, so that it counts as the type of the computation
 */
export function uncountedBy(flags: Flags, cacheType = false): string[] {
  const found = new Map<string, string>();
  if (cacheType) found.set(`what the cache type ${flags.text('--kv-cache-dtype')} saves`, '--kv-cache-dtype');
  for (const [flag, what] of uncounted) if (flags.has(flag) && !found.has(what)) found.set(what, flag);
  return [...found].map(([what, flag]) => `${what} (${flag})`);
}
