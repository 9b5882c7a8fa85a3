import type { InputSpec, Stage } from '@fairway/stage';
import { actionInputs, actionOutputs, defaultText, isRequired, origin } from './action-description.ts';

const start = '<!-- api-start: generated from src/stage.ts by actions/generate.ts -->';
const end = '<!-- api-end -->';

/**
 * The README with the tables of inputs and outputs between its markers.
 * @param path of the README, for the error
 */
export function withApi(readme: string, path: string, stage: Stage): string {
  const from = readme.indexOf(start);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${path} must hold the lines "${start}" and "${end}", in this order.`);
  return `${readme.slice(0, from + start.length)}\n\n${api(stage)}\n\n${readme.slice(to)}`;
}

function api(stage: Stage): string {
  return [
    '| input | type | default | description |',
    '|---|---|---|---|',
    ...Object.entries(actionInputs(stage)).map(
      ([name, spec]) =>
        `| \`${name}\` | ${spec.type} | ${shownDefault(spec)} | ${cell(spec.description, origin(spec))} |`,
    ),
    '',
    '| output | description |',
    '|---|---|',
    ...Object.entries(actionOutputs(stage)).map(([name, spec]) => `| \`${name}\` | ${cell(spec.description)} |`),
  ].join('\n');
}

function shownDefault(spec: InputSpec): string {
  if (isRequired(spec)) return '**required**';
  const value = defaultText(spec);
  return value === undefined || value === '' ? '' : `\`${value.replaceAll('\n', ' ')}\``;
}

const cell = (...texts: string[]) => texts.filter(Boolean).join(' ').replaceAll('|', '\\|').replaceAll('\n', ' ');
