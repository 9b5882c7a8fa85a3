import type { Place } from '@fairway/service/configuration-error';
import { quantity } from '@fairway/service/node-room';
import type { ServiceFile } from '@fairway/service/service-file';
import { Flags } from './flags.ts';
import { engineProfile } from './profile.ts';

const mebibyte = 2 ** 20;

/**
 * Whether a pod has the main memory that its engine takes. Above `resources.memory` it is killed while it loads, which takes minutes to find out.
 * @param weights bytes of the model, which are there as well where no GPU holds them; llama.cpp maps its file, which the kernel may drop
 * @returns what is wrong and where; undefined where nothing is, and where nobody has measured the engine
 */
export function mainMemoryProblem(
  { service, place }: Pick<ServiceFile, 'service' | 'place'>,
  weights = 0,
): { readonly message: string; readonly at: Place } | undefined {
  const { engine, resources } = service;
  const { leastMemoryMebibytes: least } = engineProfile(engine.name);
  if (least === undefined) return undefined;
  // each GPU leaves as much with the host
  const flags = new Flags(engine.name, engine.arguments);
  const offloaded = (flags.number('--cpu-offload-gb') ?? 0) * 2 ** 30;
  const held = resources.gpu ? Math.min(weights, offloaded * resources.gpu.count) : weights;
  // of all GPUs together (`CacheConfig` of vllm/config/cache.py)
  const cache = (flags.number('--kv-offloading-size') ?? 0) * 2 ** 10;
  const needed = Math.ceil(least + cache + held / mebibyte);
  if (quantity(resources.memory) >= needed * mebibyte) return undefined;
  return {
    message: `\`resources.memory\` is ${resources.memory}, and ${engine.name} takes ${least} MiB before it has a model${held > 0 ? `, and ${Math.ceil(held / mebibyte)} MiB for the weights that no GPU holds` : ''}${cache > 0 ? `, and ${Math.ceil(cache)} MiB for the cache that --kv-offloading-size asks for` : ''}. Give it ${needed}Mi or more.`,
    at: place('resources', 'memory'),
  };
}
