import type { Service } from '@fairway/service/schema';
import { llamacppMemory } from './llamacpp/memory.ts';
import type { EngineMemory } from './memory.ts';
import { layerwiseMemory, tgiMemory } from './python-memory.ts';
import { sglangMemory } from './sglang/memory.ts';
import { vllmMemory } from './vllm/memory.ts';

/**
 * How the engine of a service uses its GPUs with the arguments that it gets.
 * @param version of the engine where it is known; defaults differ between versions
 * @param file    arguments of a file that it reads beside its command line, where somebody has read it (`argumentsOfFile`)
 */
export function engineMemory(service: Service, version?: string, file?: readonly string[]): EngineMemory {
  switch (service.engine.name) {
    case 'vllm':
      return vllmMemory(service, version, file);
    case 'llamacpp':
      return llamacppMemory(service);
    case 'sglang':
      return sglangMemory(service, version, file);
    case 'tgi':
      return tgiMemory(service);
    default:
      return layerwiseMemory(service);
  }
}
