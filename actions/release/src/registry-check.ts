import { headManifest, openRepository, parseRepository } from '@fairway/clients/registry/index';
import type { RegistryCredentials } from '@fairway/clients/registry/index';

/** Why the image is not what the registry holds, as half a sentence; undefined when its digest is there. */
export async function registryProblem(
  image: string,
  credentials: RegistryCredentials,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [repository = '', digest = ''] = image.split('@');
  const found = await headManifest(openRepository(parseRepository(repository), credentials, signal), digest);
  if (!found) return `the registry no longer holds ${image}`;
  return found.digest === digest ? undefined : `the registry answers for ${image} with ${found.digest}`;
}
