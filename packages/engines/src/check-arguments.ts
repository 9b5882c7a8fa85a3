import { ConfigurationError } from '@fairway/service/configuration-error';
import type { EngineName } from '@fairway/service/engine-names';
import type { ServiceFile } from '@fairway/service/service-file';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { dialects } from './dialects.ts';
import { flagName, meantBy, numberOf, parsed } from './flags.ts';
import { engineProfile } from './profile.ts';

/**
 * Rejects flags in engine.arguments that Fairway itself gives: the engine would take one of the two and nobody could tell which. And those
 * that the engine could not read, with which it would not start, and those with which neither probes nor users would reach it.
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
  const own = new Set([...[...given, ...several].map(flag), dialects[engine].positional]);
  const [first, ...further] = words.flatMap((argument, index) => {
    const name = flag(argument);
    const problem =
      name !== undefined && own.has(name)
        ? reasonOf('argument.own', { argument: owned(argument, name) })
        : name !== undefined && dialects[engine].elsewhere.includes(name)
          ? reasonOf('argument.elsewhere', { argument: owned(argument, name), engine })
          : unreadable(engine, words, index);
    return problem === undefined
      ? []
      : [{ message: reasonOf('argument.gives', { index, problem }), at: place('engine', 'arguments', index) }];
  });
  if (first) throw new ConfigurationError(first.message, first.at, further);
}

/** As it is written, and what it stands for. */
function owned(argument: string, name: string): string {
  const written = argument.replace(/=.*$/s, '');
  return argument.startsWith(name) ? written : `${written} (${name})`;
}

/** What of an argument its engine cannot read, after "gives". */
function unreadable(engine: EngineName, words: readonly string[], index: number): Reason | undefined {
  const { options, underscores, equals } = dialects[engine];
  const word = words[index] ?? '';
  const name = flagName(engine, word);
  const [, written = '', behind] = /^(--?[^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  if (name === undefined || written === '') return undefined;
  if (written.startsWith('--') && written.includes('_') && !underscores)
    return reasonOf('argument.underscores', { argument: written, engine, right: written.replaceAll('_', '-') });
  if (behind !== undefined && !equals) return reasonOf('argument.equals', { argument: word, engine });
  const meant = meantBy(engine, written.split('.')[0]?.replaceAll('_', '-') ?? '');
  if (meant.length > 1)
    return reasonOf('argument.ambiguous', { argument: written, meant: listOf('list.or', meant), engine });
  const kind = options[name];
  if (kind === 'switch' && behind !== undefined)
    return reasonOf('argument.switch', { argument: word, engine, right: written });
  if (kind === undefined || kind === 'switch' || written.includes('.')) return undefined;
  const next = words[index + 1];
  const value = behind ?? (next === undefined || flagName(engine, next) !== undefined ? '' : next);
  if (value === '') return reasonOf('argument.noValue', { argument: written });
  const wanted = wantedInstead(engine, name, value);
  if (wanted === undefined) return undefined;
  return reasonOf('argument.badValue', { argument: written, value: value.slice(0, 60), engine, wanted });
}

/** What an engine reads behind an option where the value is none; undefined where it is one. */
function wantedInstead(engine: EngineName, name: string, value: string): Reason | string | undefined {
  const kind = dialects[engine].options[name];
  // Kubernetes fills in variables, and vLLM knows a word for what is not given
  if (value.includes('$(') || value === 'None') return undefined;
  if (kind === 'json') return parsed(value) === undefined && !/^\s*[[{]/.test(value) ? 'JSON' : undefined;
  if (kind === 'text' || numberOf(engine, name, value) !== undefined) return undefined;
  return reasonOf(kind === 'number' ? 'allowed.number' : kind === 'size' ? 'argument.size' : 'allowed.whole');
}
