import { isAbsolute, relative } from 'node:path';
import { factsOf, type GitFacts } from '@fairway/stage/git-facts';

/** What GitLab's runner says of a job, for a machine on which Git says nothing of the checkout. */
export interface GitlabJob {
  /** Address of the pipeline. */
  readonly run?: string;
  readonly commit?: string;
  readonly facts?: GitFacts;
}

/**
 * By https://docs.gitlab.com/ci/variables/predefined_variables/; empty outside of GitLab CI. Commit and facts are those of the
 * project that the job is of, so a folder outside of its checkout has none.
 */
export function gitlabJob(folder: string, environment: NodeJS.ProcessEnv): GitlabJob {
  if (environment['GITLAB_CI'] !== 'true') return {};
  const { CI_PIPELINE_URL: run, CI_PROJECT_DIR: checkout, CI_COMMIT_SHA: commit } = environment;
  const { CI_COMMIT_AUTHOR: author, CI_COMMIT_TITLE: title, CI_COMMIT_DESCRIPTION: description } = environment;
  const place = checkout ? relative(checkout, folder) : '..';
  if (place.split(/[\\/]/)[0] === '..' || isAbsolute(place)) return { run };
  // "Name <address>"
  const name = author?.replace(/\s*<[^<>]*>$/, '');
  return { run, commit, ...(name && title && { facts: factsOf(name, title, description ?? '') }) };
}
