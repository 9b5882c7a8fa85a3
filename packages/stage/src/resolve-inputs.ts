import { ConfigurationError } from '@fairway/service';
import { listOf, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { InputSpec, InputSpecs, InputValues } from './inputs.ts';
import type { DeliveryRecord } from './record.ts';
import type { StageName } from './verdict.ts';

/** What a runner was given for a stage: text by input name. An empty text counts as not given. */
export type GivenInputs = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Gives every declared input its value: what was given, else the output of an earlier stage, else the environment, else the default.
 * @param name how the user names an input: `input image` on GitHub, `--image` on the command line
 * @throws ConfigurationError for a required input without a value and for a text that is not of the input's type
 */
export function resolveInputs<I extends InputSpecs>(
  specs: I,
  given: GivenInputs,
  record: DeliveryRecord | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  name: (input: string) => string,
): InputValues<I> {
  const values: Record<string, unknown> = {};
  for (const [input, spec] of Object.entries(specs)) {
    const found =
      nonEmpty(given[input]) ??
      outputOf(record, spec) ??
      nonEmpty(spec.environment ? environment[spec.environment] : undefined);
    if (found !== undefined) {
      values[input] = parse(found, spec, name(input));
    } else if ('default' in spec && spec.default !== undefined) {
      values[input] = spec.default;
    } else if (spec.required) {
      const missing = reasonOf('input.missing', { input: name(input), description: spec.description });
      const elsewhere = spec.from && reasonOf('input.elsewhere', { outputs: listOf('list.or', spec.from) });
      throw new ConfigurationError(listOf('list.then', [missing, ...(elsewhere ? [elsewhere] : [])]));
    }
  }
  return values as InputValues<I>;
}

function nonEmpty(value: string | readonly string[] | undefined): string | readonly string[] | undefined {
  return value === undefined || value.length === 0 ? undefined : value;
}

/** The first referenced output that stands: its stage passed or had nothing to do, and no earlier stage ran after it. */
function outputOf(record: DeliveryRecord | undefined, spec: InputSpec): string | undefined {
  for (const reference of spec.from ?? []) {
    const dot = reference.indexOf('.');
    const entry = record?.stages[reference.slice(0, dot) as StageName];
    if (!entry || entry.stale || (entry.verdict !== 'pass' && entry.verdict !== 'skipped')) continue;
    const value = entry.outputs[reference.slice(dot + 1)];
    if (value) return value;
  }
  return undefined;
}

function parse(found: string | readonly string[], spec: InputSpec, name: string): unknown {
  const text = typeof found === 'string' ? found.trim() : found.join('\n');
  switch (spec.type) {
    case 'number': {
      const number = Number(text);
      if (text === '' || !Number.isFinite(number))
        throw new ConfigurationError(reasonOf('input.number', { input: name, found: text }));
      return number;
    }
    case 'boolean':
      if (text !== 'true' && text !== 'false')
        throw new ConfigurationError(reasonOf('input.boolean', { input: name, found: text }));
      return text === 'true';
    case 'list':
      return text
        .split('\n')
        .map(line => line.trim())
        .filter(line => line !== '');
    default:
      return text;
  }
}
