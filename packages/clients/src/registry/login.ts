import { parseRepository } from './address.ts';
import type { RegistryCredentials } from './authorization.ts';
import { openRepository } from './client.ts';
import type { RegistryClient } from './client.ts';
import { dockerCredentials } from './docker-credentials.ts';

export interface RegistryLogin {
  /** host[:port][/path] */
  readonly registry: string;
  readonly username?: string;
  readonly password?: string;
  /** Folder of Docker's config.json, whose login counts where no user is given; default ~/.docker. */
  readonly dockerConfig?: string;
}

/** Opens the repository `name` below a registry, with the given user or with Docker's login. */
export async function openRegistry(
  { registry, username, password, dockerConfig }: RegistryLogin,
  name: string,
  signal: AbortSignal,
): Promise<{ readonly client: RegistryClient; readonly credentials: RegistryCredentials }> {
  const repository = parseRepository(`${registry.replace(/\/+$/, '')}/${name}`);
  const credentials = username
    ? { username, password }
    : await dockerCredentials(`${repository.host}/${repository.name}`, dockerConfig || undefined, signal);
  return { client: openRepository(repository, credentials, signal), credentials };
}

/** Opens the repository of an image by its reference, registry/name[:tag]@sha256:…, with the digest of it. */
export async function openImage(
  reference: string,
  login: Omit<RegistryLogin, 'registry'>,
  signal: AbortSignal,
): Promise<{ readonly client: RegistryClient; readonly digest: string }> {
  const [named = '', digest = ''] = reference.split('@');
  const repository = named.replace(/:[^:/]+$/, '');
  const slash = repository.lastIndexOf('/');
  const registry = repository.slice(0, slash);
  const { client } = await openRegistry({ ...login, registry }, repository.slice(slash + 1), signal);
  return { client, digest };
}
