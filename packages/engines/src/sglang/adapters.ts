import type { Service } from '@fairway/service/schema';
import { adapterLocation } from '../model-location.ts';

/** Slots of a batch: requests for the model itself take one too (--max-loras-per-batch of sglang/srt/server_args.py). */
export function sglangSlots(adapters: number): number {
  return adapters + 1;
}

/** How SGLang calls the adapter that a request names as `model`: what stands behind the first colon. Undefined for a name without one. */
export function nameAtSglang(name: string): string | undefined {
  return /^[^:]*:(.+)$/.exec(name)?.[1];
}

/** Arguments by which SGLang serves the adapters of a service. */
export function sglangAdapters(service: Service): readonly string[] {
  const { adapters } = service.model;
  if (!adapters) return [];
  return [
    '--enable-lora',
    '--lora-paths',
    ...adapters.map(adapter => `${nameAtSglang(adapter.name)}=${adapterLocation(service, adapter)}`),
    ...['--max-lora-rank', String(Math.max(...adapters.map(({ rank }) => rank)))],
    ...['--max-loras-per-batch', String(sglangSlots(adapters.length))],
  ];
}
