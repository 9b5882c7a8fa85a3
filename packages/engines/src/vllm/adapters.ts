import type { Service } from '@fairway/service/schema';
import { adapterLocation } from '../model-location.ts';

/** What --max-lora-rank takes (`MaxLoRARanks` of vllm/config/lora.py); it takes 1 too, which older versions do not. */
const ranks = [8, 16, 32, 64, 128, 256, 320, 512] as const;

export const highestRank = Math.max(...ranks);

/** The rank for which vLLM makes room in each slot; undefined where no slot holds the adapters. */
export function slotRank({ model: { adapters = [] } }: Pick<Service, 'model'>): number | undefined {
  return ranks.find(rank => adapters.every(adapter => adapter.rank <= rank));
}

/** Arguments by which vLLM serves the adapters of a service, with a slot for each: a batch may have requests for all of them. */
export function vllmAdapters(service: Service): readonly string[] {
  const { adapters } = service.model;
  if (!adapters) return [];
  return [
    '--enable-lora',
    '--lora-modules',
    ...adapters.map(adapter => `${adapter.name}=${adapterLocation(service, adapter)}`),
    ...['--max-lora-rank', String(slotRank(service) ?? highestRank), '--max-loras', String(adapters.length)],
  ];
}
