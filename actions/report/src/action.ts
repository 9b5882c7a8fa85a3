import { resolve } from 'node:path';
import * as core from '@actions/core';
import { report } from './report.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
try {
  const sent = await report({
    folder: resolve(process.env['GITHUB_WORKSPACE'] ?? '.', core.getInput('service') || '.'),
    portal: core.getInput('portal', { required: true }),
    environment: process.env,
    signal: abort.signal,
  });
  core.setOutput('changed', String(sent?.changed ?? false));
  core.info(sent ? `The portal has the delivery ${sent.id}.` : 'No stage has run in this job: nothing to report.');
} catch (error) {
  const known = error instanceof Error && (error.name === 'ConfigurationError' || error.name === 'ToolError');
  core.setFailed(known ? error.message : ((error as Partial<Error>).stack ?? String(error)));
}
