import type { InputSpecs, OutputSpecs } from './inputs.ts';

/** Inputs of every action, read by the runner itself. */
export const commonInputs = {
  service: { type: 'string', description: 'Folder that holds fairway.yaml.', default: '.' },
  environment: {
    type: 'string',
    environment: 'FAIRWAY_ENVIRONMENT',
    keyed: false,
    description: 'Environment, such as staging: what `environments/<name>.yaml` beside fairway.yaml says counts too.',
  },
  record: {
    type: 'string',
    description:
      'The output `record` of an action of an earlier job: jobs share no disk, so the delivery record travels as text.',
  },
} as const satisfies InputSpecs;

/** Outputs of every action, written by the runner itself. */
export const commonOutputs = {
  verdict: { description: '`pass`, `fail`, `inconclusive` or `skipped`.' },
  reason: { description: 'One sentence that says why.' },
  record: { description: 'The delivery record as JSON, for an action of a later job.' },
} as const satisfies OutputSpecs;
