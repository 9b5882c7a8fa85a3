import type { Service } from '@fairway/service/schema';
import { llamacppMemory } from './llamacpp/memory.ts';
import type { EngineMemory } from './memory.ts';
import { layerwiseMemory, tgiMemory } from './python-memory.ts';
import { sglangMemory } from './sglang/memory.ts';
import { vllmMemory } from './vllm/memory.ts';

/**
 * How the engine of a service uses its GPUs with the arguments that it gets.
 * @param version of the engine where it is known; defaults differ between versions
 * @param elsewhere arguments that it gets beside its command line, which goes before them, where somebody has looked (`argumentsElsewhere`)
 */
export function engineMemory(service: Service, version?: string, elsewhere?: readonly string[]): EngineMemory {
  switch (service.engine.name) {
    case 'vllm':
      return vllmMemory(service, version, elsewhere);
    case 'llamacpp':
      return llamacppMemory(service, elsewhere);
    case 'sglang':
      return sglangMemory(service, version, elsewhere);
    case 'tgi':
      return tgiMemory(service, elsewhere);
    default:
      return layerwiseMemory(service);
  }
}
