import * as core from '@actions/core';
import { runStep } from '@fairway/stage/step';
import { proposeFix } from './propose-fix.ts';

await runStep(async signal => {
  const token = core.getInput('token', { required: true });
  core.setSecret(token);
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY = '', GITHUB_RUN_ID, GITHUB_REF_NAME, GITHUB_SHA } = process.env;
  const proposal = await proposeFix({
    workspace: process.env['GITHUB_WORKSPACE'] ?? '.',
    service: core.getInput('service') || '.',
    environment: core.getInput('environment') || undefined,
    results: core.getInput('results', { required: true }),
    base: GITHUB_REF_NAME ?? '',
    commit: GITHUB_SHA ?? '',
    run: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`,
    access: { token, repository: GITHUB_REPOSITORY, signal },
  });
  core.setOutput('pull-request', proposal?.number ?? '');
  core.info(
    proposal
      ? `The pull request ${proposal.number} is ${proposal.done}.`
      : 'Nothing is proposed: no file was changed, or the repository is a fork.',
  );
});
