import type { Config } from '@backstage/config';
import { givenPatterns } from './pattern.ts';
import { shownAddress } from './shown-address.ts';

export const publicGithubIssuer = 'https://token.actions.githubusercontent.com';

/** Which GitHub runs may store deliveries. */
export interface GithubSettings {
  readonly issuer: string;
  readonly audience: string;
  /** Address of the GitHub server, for links to runs. */
  readonly server: string;
  /** Patterns of `owner/name`. */
  readonly repositories: readonly string[];
  /** Patterns of `owner/name/.github/workflows/file@ref`. */
  readonly workflows: readonly string[];
}

/**
 * The settings `fairway.github`; nothing when they are not there: then no GitHub token is taken.
 * @throws InputError when they would let everybody in, or nobody
 */
export function githubSettings(config: Config): GithubSettings | undefined {
  const github = config.getOptionalConfig('fairway.github');
  if (!github) return undefined;
  const issuer = (github.getOptionalString('issuer') ?? publicGithubIssuer).replace(/\/+$/, '');
  return {
    issuer,
    audience: github.getOptionalString('audience') ?? config.getString('backend.baseUrl').replace(/\/+$/, ''),
    server: shownAddress(github.getOptionalString('server') ?? serverOf(issuer), 'fairway.github.server').replace(
      /\/+$/,
      '',
    ),
    repositories: givenPatterns(github, 'github', 'repositories', 'acme/*'),
    workflows: givenPatterns(github, 'github', 'workflows', 'acme/fairway/.github/workflows/deliver.yml@refs/tags/*'),
  };
}

/** GitHub Enterprise Server issues its tokens below its own address; the public GitHub has a host for them. */
function serverOf(issuer: string): string {
  return issuer === publicGithubIssuer ? 'https://github.com' : new URL(issuer).origin;
}
