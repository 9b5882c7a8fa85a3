import { ConfigurationError } from '@fairway/service/configuration-error';
import type { ServiceFile } from '@fairway/service/service-file';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { engineProfile, engineProfiles } from './profile.ts';

/**
 * Whether the engine can load the model from where `model.weights` says.
 * @throws ConfigurationError with the place where it cannot
 */
export function checkWeights({ service, place }: ServiceFile): void {
  const { engine, model } = service;
  if (model.weights?.from !== 'hub' || engineProfile(engine.name).loadsFromHub) return;
  const others = engineProfiles.filter(({ loadsFromHub }) => loadsFromHub).map(({ name }) => name);
  throw new ConfigurationError(
    reasonOf('engine.noHub', { engine: engine.name, others: others.join(', ') }),
    place('model', 'weights'),
  );
}
