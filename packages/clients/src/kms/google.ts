import { createHash } from 'node:crypto';
import { listOf } from '@fairway/service/reasons/delivery-reason';
import { withLogin } from '../http-login.ts';
import type { TokenSource } from '../bearer-token.ts';
import type { SigningKey } from '../sigstore/index.ts';
import { ask, managedKey, wrongType } from './managed-key.ts';

/**
 * A version of a key in Google Cloud KMS.
 * @see https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys.cryptoKeyVersions/getPublicKey
 * @see https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys.cryptoKeyVersions/asymmetricSign
 */
export async function googleKey(
  name: string,
  at: { readonly url: string; readonly bearer: TokenSource; readonly signal?: AbortSignal },
): Promise<SigningKey> {
  const service = {
    tool: 'Google Cloud KMS',
    key: name,
    permissions: listOf('list.and', [
      'cloudkms.cryptoKeyVersions.viewPublicKey',
      'useToSign (roles/cloudkms.signerVerifier)',
    ]),
  };
  const { authorize } = withLogin({ bearer: at.bearer });
  const request = { authorize, signal: at.signal };
  const found = await ask<{ pem: string; algorithm: string }>(service, {
    url: `${at.url}/v1/${name}/publicKey`,
    ...request,
  });
  if (found.algorithm !== 'EC_SIGN_P256_SHA256') throw wrongType(service, found.algorithm);
  return managedKey(service, found.pem, async data => {
    const { signature } = await ask<{ signature: string }>(service, {
      url: `${at.url}/v1/${name}:asymmetricSign`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ digest: { sha256: createHash('sha256').update(data).digest('base64') } }),
      ...request,
    });
    return Buffer.from(signature, 'base64');
  });
}
