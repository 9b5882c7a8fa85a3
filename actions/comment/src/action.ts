import { readFile } from 'node:fs/promises';
import * as core from '@actions/core';
import { comment } from './comment.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
try {
  const token = core.getInput('token', { required: true });
  core.setSecret(token);
  const number = await comment({
    event: await readFile(process.env['GITHUB_EVENT_PATH'] ?? '', 'utf8'),
    results: core.getInput('results', { required: true }),
    service: core.getInput('service') || '.',
    access: { token, repository: process.env['GITHUB_REPOSITORY'] ?? '', signal: abort.signal },
    info: core.info,
  });
  core.setOutput('pull-request', number ?? '');
} catch (error) {
  const known = error instanceof Error && (error.name === 'ConfigurationError' || error.name === 'ToolError');
  core.setFailed(known ? error.message : ((error as Partial<Error>).stack ?? String(error)));
}
