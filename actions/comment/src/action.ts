import { readFile } from 'node:fs/promises';
import * as core from '@actions/core';
import { runStep } from '@fairway/stage/step';
import { comment } from './comment.ts';

await runStep(async signal => {
  const token = core.getInput('token', { required: true });
  core.setSecret(token);
  const number = await comment({
    event: await readFile(process.env['GITHUB_EVENT_PATH'] ?? '', 'utf8'),
    results: core.getInput('results', { required: true }),
    service: core.getInput('service') || '.',
    environment: core.getInput('environment'),
    access: { token, repository: process.env['GITHUB_REPOSITORY'] ?? '', signal },
    info: core.info,
  });
  core.setOutput('pull-request', number ?? '');
});
