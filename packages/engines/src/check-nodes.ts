import { ConfigurationError } from '@fairway/service/configuration-error';
import type { ServiceFile } from '@fairway/service/service-file';
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
      `\`workload.nodes\` is ${workload.nodes}, and Fairway knows how several nodes serve one model with vllm only, not with ${engine.name}. Remove workload.nodes and workload.kind, or take vllm.`,
      place('workload', 'nodes'),
    );
  const copies = engine.arguments.findIndex(one => flagName(engine.name, one)?.startsWith('--data-parallel'));
  if (copies < 0) return;
  throw new ConfigurationError(
    `\`engine.arguments[${copies}]\` makes copies of the model (data parallelism), which several nodes would have to find each other for in another way. Remove it, and set resources.replicas to the number of copies.`,
    place('engine', 'arguments', copies),
  );
}
