import { createHash } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { listOf } from '@fairway/service/reasons/delivery-reason';
import { withLogin } from '../http-login.ts';
import type { TokenSource } from '../bearer-token.ts';
import type { SigningKey } from '../sigstore/index.ts';
import { ask, managedKey, wrongType } from './managed-key.ts';

const version = 'api-version=7.4';

/**
 * A key in Azure Key Vault or in a managed HSM.
 * @see https://learn.microsoft.com/rest/api/keyvault/keys/get-key/get-key
 * @see https://learn.microsoft.com/rest/api/keyvault/keys/sign/sign
 */
export async function azureKey(
  key: { readonly name: string; readonly version?: string },
  at: { readonly url: string; readonly bearer: TokenSource; readonly signal?: AbortSignal },
): Promise<SigningKey> {
  const address = `${at.url}/keys/${key.name}`;
  const service = {
    tool: 'Azure Key Vault',
    key: [key.name, key.version].filter(Boolean).join('/'),
    permissions: listOf('list.and', ['keys/get', 'keys/sign (Key Vault Crypto User)']),
  };
  const { authorize } = withLogin({ bearer: at.bearer });
  const request = { authorize, signal: at.signal };
  const found = await ask<{ key: JsonWebKey & { kid: string } }>(service, {
    url: `${address}/${key.version ?? ''}?${version}`,
    ...request,
  });
  const { kty = '', crv, x, y, kid } = found.key;
  // of a key in hardware it is EC-HSM
  if (!/^EC(-HSM)?$/.test(kty) || crv !== 'P-256') throw wrongType(service, [kty, crv].filter(Boolean).join(' '));
  const publicKey = { key: { kty: 'EC', crv, x, y }, format: 'jwk' } as const;
  return managedKey(service, publicKey, async data => {
    const { value } = await ask<{ value: string }>(service, {
      url: `${address}/${kid.split('/').at(-1)}/sign?${version}`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ alg: 'ES256', value: createHash('sha256').update(data).digest('base64url') }),
      ...request,
    });
    return derOf(Buffer.from(value, 'base64url'));
  });
}

/** Ecdsa-Sig-Value (RFC 3279, 2.2.3) of a signature as JSON Web Algorithms have it (RFC 7518, 3.4): r and s, 32 bytes each. */
export function derOf(raw: Buffer): Buffer {
  const integer = (bytes: Buffer) => {
    const first = bytes.findIndex(byte => byte !== 0);
    const shortest = bytes.subarray(first === -1 ? bytes.length - 1 : first);
    // the highest bit is the sign
    const content = shortest[0]! > 0x7f ? Buffer.concat([Buffer.of(0), shortest]) : shortest;
    return Buffer.concat([Buffer.of(0x02, content.length), content]);
  };
  const both = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
  return Buffer.concat([Buffer.of(0x30, both.length), both]);
}
