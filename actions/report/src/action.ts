import { resolve } from 'node:path';
import * as core from '@actions/core';
import { runStep } from '@fairway/stage/step';
import { report } from './report.ts';

await runStep(async signal => {
  const sent = await report({
    folder: resolve(process.env['GITHUB_WORKSPACE'] ?? '.', core.getInput('service') || '.'),
    portal: core.getInput('portal', { required: true }),
    environment: process.env,
    signal,
  });
  core.setOutput('changed', String(sent?.changed ?? false));
  core.info(sent ? `The portal has the delivery ${sent.id}.` : 'No stage has run in this job: nothing to report.');
});
