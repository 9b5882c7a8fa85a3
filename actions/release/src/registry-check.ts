import { headManifest, openImage } from '@fairway/clients/registry/index';
import type { RegistryLogin } from '@fairway/clients/registry/index';
import type { Trust } from '@fairway/clients/sigstore/index';
import type { StageContext } from '@fairway/stage';
import type { ExpectedOrigin } from './provenance-check.ts';
import { signatureProblem } from './signature-check.ts';

/** Why the image may not be released by what the registry holds, as half a sentence; undefined when nothing is wrong there. */
export async function registryProblem(
  image: string,
  login: Omit<RegistryLogin, 'registry'>,
  trust: Trust | undefined,
  origin: ExpectedOrigin | undefined,
  { signal, log }: Pick<StageContext, 'signal' | 'log'>,
): Promise<string | undefined> {
  const { client, digest } = await openImage(image, login, signal);
  const found = await headManifest(client, digest);
  if (!found) return `the registry no longer holds ${image}`;
  if (found.digest !== digest) return `the registry answers for ${image} with ${found.digest}`;
  if (trust) return signatureProblem(client, digest, trust, origin);
  if (origin?.written)
    return 'release.provenance of fairway.yaml asks where the image comes from, and only a signed provenance proves it. Give release the input signer-key or signer-repository';
  log.warning('No signature was verified: give release a signer-key or a signer-repository.');
  return undefined;
}
