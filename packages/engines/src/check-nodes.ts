import { ConfigurationError } from '@fairway/service/configuration-error';
import type { ServiceFile } from '@fairway/service/service-file';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { flagName } from './flags.ts';
import { engineProfile } from './profile.ts';

/**
 * Whether the engine can serve a model on as many nodes as `workload.nodes` says.
 * @throws ConfigurationError with the place where it cannot
 */
export function checkNodes({ service, place }: ServiceFile): void {
  const { engine, workload } = service;
  if (workload.nodes === 1) return;
  if (!engineProfile(engine.name).nodeArguments)
    throw new ConfigurationError(
      reasonOf('engine.nodes', { nodes: workload.nodes, engine: engine.name }),
      place('workload', 'nodes'),
    );
  const copies = engine.arguments.findIndex(one => flagName(engine.name, one)?.startsWith('--data-parallel'));
  if (copies < 0) return;
  throw new ConfigurationError(reasonOf('engine.copies', { index: copies }), place('engine', 'arguments', copies));
}
