import type { StepResult } from './steps.ts';

/** The steps as Markdown, for the summary of a job. */
export function stepTable(steps: readonly StepResult[]): string {
  return [
    '| traffic | seconds | answers to users | to requests made here | |',
    '| --- | --- | --- | --- | --- |',
    ...steps.map(
      step =>
        `| ${step.weight} % | ${step.seconds} | ${step.users} | ${step.synthetic} | ${step.objection ?? 'good'} |`,
    ),
  ].join('\n');
}
