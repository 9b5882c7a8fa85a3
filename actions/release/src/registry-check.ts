import { headManifest, openImage } from '@fairway/clients/registry/index';
import type { RegistryLogin } from '@fairway/clients/registry/index';
import type { Trust } from '@fairway/clients/sigstore/index';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
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
): Promise<Reason | undefined> {
  const { client, digest } = await openImage(image, login, signal);
  const found = await headManifest(client, digest);
  if (!found) return reasonOf('registry.lost', { image });
  if (found.digest !== digest) return reasonOf('registry.other', { image, digest: found.digest });
  if (trust) return signatureProblem(client, digest, trust, origin);
  if (origin?.written) return reasonOf('registry.unproved');
  log.warning('No signature was verified: give release a signer-key or a signer-repository.');
  return undefined;
}
