import { ConfigurationError } from '@fairway/service/configuration-error';
import type { EngineName } from '@fairway/service/engine-names';
import type { ServiceFile } from '@fairway/service/service-file';
import { dialects } from './dialects.ts';
import { flagName, meantBy, numberOf, parsed } from './flags.ts';
import { engineProfile } from './profile.ts';

/**
 * Rejects flags in engine.arguments that Fairway itself gives: the engine would take one of the two and nobody could tell which. And those
 * that the engine could not read, with which it would not start.
 * @throws ConfigurationError with the place of each
 */
export function checkArguments({ service, place }: ServiceFile): void {
  const { name: engine, arguments: words } = service.engine;
  const flag = (argument: string): string | undefined => flagName(engine, argument);
  const profile = engineProfile(engine);
  const { nodes } = service.workload;
  const several = nodes > 1 ? (profile.nodeArguments?.({ nodes, rank: '1', leader: '' }) ?? []) : [];
  // of an engine that a script starts, what stands in the script
  const given =
    profile.command.at(-1) === '-c'
      ? profile
          .arguments({ ...service, engine: { ...service.engine, arguments: [] } })
          .flatMap(script => script.match(/(?<![\w-])--[a-z][\w-]+/g) ?? [])
      : profile.arguments(service).slice(0, -words.length || undefined);
  const own = new Set([...given, ...several].map(flag));
  const [first, ...further] = words.flatMap((argument, index) => {
    const name = flag(argument);
    const problem =
      name !== undefined && own.has(name)
        ? `${argument.replace(/=.*$/s, '')}${argument.startsWith(name) ? '' : ` (${name})`}, which Fairway gives itself from the other fields of this file (model, serving, resources). Remove it here and set it there.`
        : unreadable(engine, words, index);
    return problem === undefined
      ? []
      : [{ message: `\`engine.arguments[${index}]\` gives ${problem}`, at: place('engine', 'arguments', index) }];
  });
  if (first) throw new ConfigurationError(first.message, first.at, further);
}

/** What of an argument its engine cannot read, after "gives". */
function unreadable(engine: EngineName, words: readonly string[], index: number): string | undefined {
  const { options, underscores, equals } = dialects[engine];
  const word = words[index] ?? '';
  const name = flagName(engine, word);
  const [, written = '', behind] = /^(--?[^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  if (name === undefined || written === '') return undefined;
  if (written.startsWith('--') && written.includes('_') && !underscores)
    return `${written}, and ${engine} reads no underscores there. Write ${written.replaceAll('_', '-')}.`;
  if (behind !== undefined && !equals)
    return `${word}, and ${engine} takes no value behind "=". Write the value as an argument of its own.`;
  const meant = meantBy(engine, written.split('.')[0]?.replaceAll('_', '-') ?? '');
  if (meant.length > 1)
    return `${written}, which may stand for ${meant.join(' or ')}, so ${engine} does not start. Write the whole name.`;
  const kind = options[name];
  if (kind === 'switch' && behind !== undefined)
    return `${word}, and ${engine} takes no value there. Write ${written}, or leave it out.`;
  if (kind === undefined || kind === 'switch' || written.includes('.')) return undefined;
  const next = words[index + 1];
  const value = behind ?? (next === undefined || flagName(engine, next) !== undefined ? '' : next);
  if (value === '') return `${written} without a value. Write the value behind it.`;
  const wanted = wantedInstead(engine, name, value);
  return wanted && `${written} the value "${value.slice(0, 60)}", and ${engine} reads ${wanted} there. Correct it.`;
}

/** What an engine reads behind an option where the value is none; undefined where it is one. */
function wantedInstead(engine: EngineName, name: string, value: string): string | undefined {
  const kind = dialects[engine].options[name];
  // Kubernetes fills in variables, and vLLM knows a word for what is not given
  if (value.includes('$(') || value === 'None') return undefined;
  if (kind === 'json') return parsed(value) === undefined && !/^\s*[[{]/.test(value) ? 'JSON' : undefined;
  if (kind === 'text' || numberOf(engine, name, value) !== undefined) return undefined;
  return kind === 'number' ? 'a number' : kind === 'size' ? 'a whole number or a size such as 32k' : 'a whole number';
}
