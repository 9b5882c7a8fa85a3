import { gitlabJob } from './gitlab-job.ts';

// the variables and their forms are those of https://docs.gitlab.com/ci/variables/predefined_variables/
const job = {
  GITLAB_CI: 'true',
  CI_PIPELINE_URL: 'https://gitlab.com/acme/llm/-/pipelines/42',
  CI_PROJECT_DIR: '/builds/acme/llm',
  CI_COMMIT_SHA: 'ca58f80f2117378b67eae20b9a5f197c1da3434a',
  CI_COMMIT_AUTHOR: 'Ann Müller <ann@example.com>',
  CI_COMMIT_TITLE: "Merge branch 'longer' into 'main'",
  CI_COMMIT_DESCRIPTION: 'Serve longer\n\nSee merge request acme/llm!41',
};

test('the pipeline, the commit and who made it', () => {
  expect(gitlabJob('/builds/acme/llm/services/chat', job)).toEqual({
    run: 'https://gitlab.com/acme/llm/-/pipelines/42',
    commit: 'ca58f80f2117378b67eae20b9a5f197c1da3434a',
    facts: { author: 'Ann Müller', subject: "Merge branch 'longer' into 'main'", mergeRequest: '41' },
  });
});

test('the commit is not that of a folder beside the checkout', () => {
  expect(gitlabJob('/builds/acme/llm-2', job)).toEqual({ run: job.CI_PIPELINE_URL });
  expect(gitlabJob('/elsewhere', { ...job, CI_PROJECT_DIR: undefined })).toEqual({ run: job.CI_PIPELINE_URL });
});

test('a machine of nobody has none of it', () => {
  expect(gitlabJob('/builds/acme/llm', { ...job, GITLAB_CI: undefined })).toEqual({});
});
