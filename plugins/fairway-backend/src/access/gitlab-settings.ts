import type { Config } from '@backstage/config';
import { givenPatterns } from './pattern.ts';
import { shownAddress } from './shown-address.ts';

export const publicGitlab = 'https://gitlab.com';

/** Which GitLab pipelines may store deliveries. */
export interface GitlabSettings {
  /** Address of the instance, which is the issuer of its tokens, too. */
  readonly url: string;
  readonly audience: string;
  /** Patterns of `group/project`. */
  readonly projects: readonly string[];
}

/**
 * The settings `fairway.gitlab`; nothing when they are not there: then no GitLab token is taken.
 * @throws InputError when they would let everybody in, or nobody
 */
export function gitlabSettings(config: Config): GitlabSettings | undefined {
  const gitlab = config.getOptionalConfig('fairway.gitlab');
  if (!gitlab) return undefined;
  return {
    url: shownAddress(gitlab.getOptionalString('url') ?? publicGitlab, 'fairway.gitlab.url').replace(/\/+$/, ''),
    audience: gitlab.getOptionalString('audience') ?? config.getString('backend.baseUrl').replace(/\/+$/, ''),
    projects: givenPatterns(gitlab, 'gitlab', 'projects', 'acme/**'),
  };
}
