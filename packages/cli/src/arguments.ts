import type { ParseArgsConfig } from 'node:util';
import { ConfigurationError } from '@fairway/service';
import { type GivenInputs, type InputSpecs, type StageName, commonInputs, stageOrder } from '@fairway/stage';
import { parse } from './parse.ts';
import { rejectSecrets, secretVariable } from './secret-options.ts';
import { loadStage } from './stages.ts';

export interface DeliverArguments {
  readonly folder: string;
  readonly from: StageName;
  readonly to: StageName;
  readonly dryRun: boolean;
  readonly json: boolean;
  /** Stage inputs by name, as given with `--<input>`. */
  readonly inputs: GivenInputs;
}

/**
 * The arguments of `fairway deliver`. Every input that a stage declares is a flag of the same name;
 * a secret is not, since a command line is open to every process of the machine: it comes by `FAIRWAY_<NAME>`.
 */
export async function deliverArguments(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<DeliverArguments> {
  const { values, folder, inputs } = await stageArguments('deliver', argv, environment, {
    from: { type: 'string' },
    to: { type: 'string' },
    'dry-run': { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const from = stageNamed(values['from'], '--from') ?? stageOrder[0];
  const to = stageNamed(values['to'], '--to') ?? stageOrder[stageOrder.length - 1]!;
  if (stageOrder.indexOf(from) > stageOrder.indexOf(to))
    throw new ConfigurationError(
      `There is no stage from ${from} to ${to}: their order is ${stageOrder.join(', ')}. Correct --from or --to.`,
    );
  return {
    folder,
    from,
    to,
    dryRun: values['dry-run'] === true,
    json: values['json'] === true,
    inputs,
  };
}

/** The service folder, the stage inputs, and the options of a command that runs stages. */
export async function stageArguments(
  command: string,
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  own: NonNullable<ParseArgsConfig['options']>,
): Promise<{
  readonly values: Readonly<Record<string, unknown>>;
  readonly folder: string;
  readonly inputs: GivenInputs;
}> {
  const specs = await allInputs();
  const options = { ...own };
  for (const [name, spec] of Object.entries(specs)) {
    if (spec.type !== 'secret') options[name] = { type: 'string', multiple: spec.type === 'list' };
  }
  rejectSecrets(argv, name => specs[name]?.type === 'secret');
  const { values, positionals } = parse(argv, options);
  if (positionals.length > 1) {
    throw new ConfigurationError(
      `fairway ${command} takes one service folder; found ${positionals.map(text => `"${text}"`).join(', ')}.`,
    );
  }
  const inputs: Record<string, string | string[] | undefined> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = spec.type === 'secret' ? environment[secretVariable(name)] : values[name];
    if (value !== undefined) inputs[name] = value as string | string[];
  }
  return { values, folder: positionals[0] ?? '.', inputs };
}

/** The inputs of all stages by name. */
export async function allInputs(): Promise<InputSpecs> {
  const { environment } = commonInputs;
  const all: Record<string, InputSpecs[string]> = { environment };
  for (const name of stageOrder) Object.assign(all, (await loadStage[name]()).inputs);
  return all;
}

function stageNamed(value: unknown, flag: string): StageName | undefined {
  if (value === undefined) return undefined;
  const name = stageOrder.find(stage => stage === value);
  if (!name)
    throw new ConfigurationError(
      `${flag} takes a stage; found "${String(value)}". The stages are ${stageOrder.join(', ')}.`,
    );
  return name;
}
