import { ConfigurationError } from '@fairway/service/configuration-error';
import type { ServiceFile } from '@fairway/service/service-file';
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
    `\`model.weights.from\` is hub, and ${engine.name} cannot load a given commit from there (${others.join(', ')} can). Put the model on a volume, and set model.weights to { from: volume, claim: <its PersistentVolumeClaim> }.`,
    place('model', 'weights'),
  );
}
