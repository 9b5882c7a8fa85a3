import { ConfigurationError } from '@fairway/service/configuration-error';
import type { ServiceFile } from '@fairway/service/service-file';
import { flagName } from './flags.ts';
import { engineProfile } from './profile.ts';

/**
 * Rejects flags in engine.arguments that Fairway itself gives: the engine would take one of the two and nobody could tell which.
 * @throws ConfigurationError with the place of each
 */
export function checkArguments({ service, place }: ServiceFile): void {
  const flag = (argument: string): string | undefined => flagName(service.engine.name, argument);
  const profile = engineProfile(service.engine.name);
  const { nodes } = service.workload;
  const several = nodes > 1 ? (profile.nodeArguments?.({ nodes, rank: '1', leader: '' }) ?? []) : [];
  const given = profile.arguments({ ...service, engine: { ...service.engine, arguments: [] } });
  // of an engine that a script starts, what stands in the script
  const words =
    profile.command.at(-1) === '-c' ? given.flatMap(script => script.match(/(?<![\w-])--[a-z][\w-]+/g) ?? []) : given;
  const own = new Set([...words, ...several].map(flag));
  const [first, ...further] = service.engine.arguments.flatMap((argument, index) => {
    const name = flag(argument);
    if (name === undefined || !own.has(name)) return [];
    return [
      {
        message: `\`engine.arguments[${index}]\` gives ${argument.replace(/=.*$/s, '')}${argument.startsWith(name) ? '' : ` (${name})`}, which Fairway gives itself from the other fields of this file (model, serving, resources). Remove it here and set it there.`,
        at: place('engine', 'arguments', index),
      },
    ];
  });
  if (first) throw new ConfigurationError(first.message, first.at, further);
}
