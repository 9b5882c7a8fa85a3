import { ConfigurationError } from '@fairway/service/configuration-error';
import type { Adapter } from '@fairway/service/model-names';
import { reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';
import type { Service } from '@fairway/service/schema';
import type { ServiceFile } from '@fairway/service/service-file';
import { engineProfile, engineProfiles } from './profile.ts';
import { nameAtSglang } from './sglang/adapters.ts';
import { highestRank } from './vllm/adapters.ts';

/**
 * Whether the engine can serve the adapters of a service under their names.
 * @throws ConfigurationError with the place where it cannot
 */
export function checkAdapters({ service, place }: ServiceFile): void {
  const { engine, model } = service;
  if (!model.adapters) return;
  if (!engineProfile(engine.name).servesAdapters) {
    const others = engineProfiles.filter(({ servesAdapters }) => servesAdapters).map(({ name }) => name);
    throw new ConfigurationError(
      reasonOf('engine.noAdapters', { engine: engine.name, others: others.join(', ') }),
      place('model', 'adapters'),
    );
  }
  const [first, ...further] = model.adapters.flatMap((adapter, index) => {
    const fault = faultOf(service, adapter);
    return fault ? [{ message: fault.reason, at: place('model', 'adapters', index, fault.field) }] : [];
  });
  if (first) throw new ConfigurationError(first.message, first.at, further);
}

function faultOf(
  { engine, model }: Service,
  { name, rank }: Adapter,
): { readonly field: 'name' | 'rank'; readonly reason: Reason } | undefined {
  if (engine.name === 'vllm' && rank > highestRank)
    return { field: 'rank', reason: reasonOf('engine.rank', { rank, most: highestRank }) };
  const own = nameAtSglang(name);
  if (engine.name === 'sglang' && (own === undefined || name !== `${model.name}:${own}`))
    return { field: 'name', reason: reasonOf('engine.adapterName', { name, model: model.name }) };
  return undefined;
}
