import { english } from '@fairway/service/reasons/delivery-reason';
import type { StepResult } from './steps.ts';

/** The steps as Markdown, for the summary of a job. */
export function stepTable(steps: readonly StepResult[]): string {
  if (steps.length === 0)
    return 'No other released version shared the traffic, so there was nothing to move in steps: the load test has judged this version.';
  return [
    '| traffic | seconds | answers to users | to requests made here | |',
    '| --- | --- | --- | --- | --- |',
    ...steps.map(step => `| ${step.weight} % | ${step.seconds} | ${step.users} | ${step.synthetic} | ${said(step)} |`),
  ].join('\n');
}

function said({ objection, paused, promoted, aborted }: StepResult): string {
  if (aborted) return `aborted by ${aborted.by} at ${aborted.at}`;
  if (promoted) return `promoted by ${promoted.by} at ${promoted.at}`;
  if (paused) return `paused by ${paused.by} from ${paused.at} until ${paused.until}, then judged anew`;
  return objection === undefined ? 'good' : english(objection);
}
