import {
  commonInputs,
  commonOutputs,
  type InputSpec,
  type InputSpecs,
  type OutputSpecs,
  type Stage,
} from '@fairway/stage';

/** All inputs of a stage's action: its own, and those that every action has. */
export const actionInputs = (stage: Stage): InputSpecs => ({ ...stage.inputs, ...commonInputs, ...stage.inputs });

/** All outputs of a stage's action: its own, and those that every action has. */
export const actionOutputs = (stage: Stage): OutputSpecs => ({ ...stage.outputs, ...commonOutputs });

/** Whether the step must give the input: nothing else can. */
export const isRequired = (spec: InputSpec): boolean =>
  spec.required === true && !spec.environment && !spec.from?.length && defaultText(spec) === undefined;

/** The default as a step would write it, or undefined without one. */
export function defaultText(spec: InputSpec): string | undefined {
  if (spec.type === 'secret' || spec.default === undefined) return undefined;
  return typeof spec.default === 'object' ? spec.default.join('\n') : String(spec.default);
}

/** Where the value of an empty input comes from, as sentences; empty when from nowhere. */
export function origin(spec: InputSpec): string {
  const sources = [
    ...(spec.from ?? []).map(reference => {
      const [stage, output] = reference.split('.');
      return `the output \`${output}\` of ${stage}`;
    }),
    ...(spec.environment ? [`the environment variable \`${spec.environment}\``] : []),
  ];
  return sources.length === 0 ? '' : `When empty: ${sources.join(', else ')}.`;
}

/**
 * The default that GitHub fills in. It does so before anything else is asked: with one, what an earlier stage found, a variable or the file of
 * the environment would never count. The runner's own inputs come from nowhere else.
 */
const filledIn = (name: string, spec: InputSpec): string | undefined =>
  name in commonInputs ? defaultText(spec) : undefined;

/** The text of a stage's action.yml. */
export function actionDescription(stage: Stage): string {
  const lines = [
    '# Generated from src/stage.ts by actions/generate.ts; change it there.',
    `name: ${quoted(`Fairway ${stage.name}`)}`,
    `description: ${quoted(stage.description)}`,
    'author: Fairway',
    'branding:',
    `  icon: ${stage.icon}`,
    '  color: blue',
    'inputs:',
  ];
  for (const [name, spec] of Object.entries(actionInputs(stage))) {
    const value = defaultText(spec);
    const given = filledIn(name, spec);
    const preset = given === undefined && value ? `Default: \`${value.replaceAll('\n', ' ')}\`.` : '';
    const list = spec.type === 'list' ? 'One a line.' : '';
    const text = [spec.description, list, origin(spec), preset].filter(Boolean).join(' ');
    lines.push(`  ${name}:`, `    description: ${quoted(text)}`, `    required: ${isRequired(spec)}`);
    if (given !== undefined) lines.push(`    default: ${quoted(given)}`);
  }
  lines.push('outputs:');
  for (const [name, spec] of Object.entries(actionOutputs(stage)))
    lines.push(`  ${name}:`, `    description: ${quoted(spec.description)}`);
  lines.push('runs:', '  using: node24', `  main: ../dist/${stage.name}.js`, '');
  return lines.join('\n');
}

/** A YAML scalar; JSON's quoting is YAML's double quoting, needed where there are line breaks. */
const quoted = (text: string) => (text.includes('\n') ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`);
