import * as core from '@actions/core';
import { proposeFix } from './propose-fix.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
try {
  const token = core.getInput('token', { required: true });
  core.setSecret(token);
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY = '', GITHUB_RUN_ID, GITHUB_REF_NAME, GITHUB_SHA } = process.env;
  const proposal = await proposeFix({
    workspace: process.env['GITHUB_WORKSPACE'] ?? '.',
    service: core.getInput('service') || '.',
    results: core.getInput('results', { required: true }),
    base: GITHUB_REF_NAME ?? '',
    commit: GITHUB_SHA ?? '',
    run: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`,
    access: { token, repository: GITHUB_REPOSITORY, signal: abort.signal },
  });
  core.setOutput('pull-request', proposal?.number ?? '');
  core.info(
    proposal
      ? `The pull request ${proposal.number} is ${proposal.done}.`
      : 'Nothing is proposed: no file was changed, or the repository is a fork.',
  );
} catch (error) {
  const known = error instanceof Error && (error.name === 'ConfigurationError' || error.name === 'ToolError');
  core.setFailed(known ? error.message : ((error as Partial<Error>).stack ?? String(error)));
}
