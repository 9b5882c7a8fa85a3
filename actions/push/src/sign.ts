import { runToken } from '@fairway/clients/github/index';
import { keyAddress, openKey } from '@fairway/clients/kms/index';
import type { Artifact } from '@fairway/clients/registry/index';
import { StatementSigner, bundleType, keyName, keyOfPem } from '@fairway/clients/sigstore/index';
import type { SigningIdentity, SigningKey } from '@fairway/clients/sigstore/index';
import type { InputValues, StageContext } from '@fairway/stage';
import type { signingInputs } from '@fairway/stage/image-inputs';
import { statements } from './statements.ts';

type SigningInputs = InputValues<typeof signingInputs>;
export type JobTokenInputs = Pick<SigningInputs, 'id-token-url' | 'id-token-request'>;

/** The statements about a pushed image, each in a Sigstore bundle as cosign finds them; none when nobody is to sign. */
export async function signedArtifacts(
  inputs: SigningInputs,
  documents: readonly Artifact[],
  context: Pick<StageContext, 'record' | 'signal' | 'log'>,
  image: { readonly name: string; readonly digest: string },
): Promise<readonly Artifact[]> {
  const identity = await identityOf(inputs, context.signal);
  if (!identity) return [];
  context.log.progress('signing');
  const signer = new StatementSigner(identity);
  const signed: Artifact[] = [];
  for (const statement of statements(documents, context.record, image)) {
    signed.push({
      artifactType: bundleType,
      content: await signer.sign(statement),
      title: `${statement.predicateType.replace(/^https:\/\//, '')}.sigstore.json`,
      // by which cosign finds the one that it is asked for
      annotations: {
        'dev.sigstore.bundle.content': 'dsse-envelope',
        'dev.sigstore.bundle.predicateType': statement.predicateType,
      },
    });
  }
  return signed;
}

/** Who signs, for a content key: an image that was pushed before there was a key is pushed again, and signed. */
export async function signerName(inputs: SigningInputs, signal: AbortSignal): Promise<string> {
  const key = await signingKey(inputs, signal);
  if (key) return keyName(key.publicKey);
  return inputs.keyless ? 'the workflow' : 'nobody';
}

async function identityOf(inputs: SigningInputs, signal: AbortSignal): Promise<SigningIdentity | undefined> {
  const key = await signingKey(inputs, signal);
  if (key) return { key };
  if (!inputs.keyless) return undefined;
  return { token: () => jobToken(inputs, 'sigstore', signal) };
}

async function signingKey(inputs: SigningInputs, signal: AbortSignal): Promise<SigningKey | undefined> {
  const given = inputs['signing-key'];
  if (!given) return undefined;
  const address = keyAddress(given);
  if (!address) return keyOfPem(given, inputs['signing-passphrase']);
  return openKey(address, { url: inputs['vault-address'], token: inputs['vault-token'] }, signal);
}

/** The token by which a job of GitHub proves who it is. */
export function jobToken(inputs: JobTokenInputs, audience: string, signal: AbortSignal): Promise<string> {
  const environment = {
    ACTIONS_ID_TOKEN_REQUEST_URL: inputs['id-token-url'],
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: inputs['id-token-request'],
  };
  return runToken(environment, audience, signal);
}
