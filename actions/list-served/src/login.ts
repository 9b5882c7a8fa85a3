import type { RegistryLogin } from '@fairway/clients/registry/index';

type Login = Omit<RegistryLogin, 'registry'>;

export interface GithubLogin {
  /** Address of GitHub, such as https://github.com. */
  readonly server: string;
  readonly actor: string;
  /** Token of the job. */
  readonly token: string;
}

/**
 * Who reads an image from its registry. The token of the job goes to GitHub's own registries and to no other: the pods name the registry, and
 * may name that of anybody.
 */
export function loginFor(image: string, given: Login, github: GithubLogin | undefined): Login {
  if (given.password !== undefined || github === undefined) return given;
  const host = image.split('/', 1)[0];
  // the second one where GitHub has a domain for each company
  const isOwn = host === 'ghcr.io' || host === `containers.${new URL(github.server).host}`;
  return isOwn ? { username: given.username ?? github.actor, password: github.token } : given;
}
