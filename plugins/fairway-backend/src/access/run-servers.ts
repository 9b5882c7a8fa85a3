import type { Config } from '@backstage/config';
import type { RunServer } from './ci-run.ts';
import { githubRun } from './github-run.ts';
import { githubSettings } from './github-settings.ts';
import { gitlabRun } from './gitlab-run.ts';
import { gitlabSettings } from './gitlab-settings.ts';

/** The servers whose runs may store deliveries, as the configuration names them. */
export function runServers(config: Config): readonly RunServer[] {
  const servers: RunServer[] = [];
  const github = githubSettings(config);
  if (github) {
    const { issuer, audience } = github;
    servers.push({
      server: 'GitHub',
      key: 'github.issuer',
      issuer,
      audience,
      run: claims => githubRun(claims, github),
    });
  }
  const gitlab = gitlabSettings(config);
  if (gitlab) {
    const { url: issuer, audience } = gitlab;
    servers.push({ server: 'GitLab', key: 'gitlab.url', issuer, audience, run: claims => gitlabRun(claims, gitlab) });
  }
  return servers;
}
