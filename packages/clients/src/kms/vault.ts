import { createHash } from 'node:crypto';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { SigningKey } from '../sigstore/index.ts';
import { ask, managedKey, wrongType } from './managed-key.ts';

interface TransitKey {
  readonly type: string;
  readonly latest_version: number;
  readonly keys: Readonly<Record<string, { readonly public_key: string }>>;
}

/**
 * The newest version of a key in the secrets engine `transit` of Vault or OpenBao.
 * @see https://developer.hashicorp.com/vault/api-docs/secret/transit#read-key
 * @see https://developer.hashicorp.com/vault/api-docs/secret/transit#sign-data
 */
export async function vaultKey(
  name: string,
  at: { readonly url: string; readonly token: string; readonly signal?: AbortSignal },
): Promise<SigningKey> {
  const service = {
    tool: 'Vault',
    key: `transit/${name}`,
    permissions: reasonOf('key.vaultRights', { read: `transit/keys/${name}`, update: `transit/sign/${name}` }),
  };
  const base = `${at.url.replace(/\/+$/, '')}/v1/transit`;
  const request = { headers: { 'x-vault-token': at.token, 'content-type': 'application/json' }, signal: at.signal };
  const { data: found } = await ask<{ data: TransitKey }>(service, { url: `${base}/keys/${name}`, ...request });
  if (found.type !== 'ecdsa-p256') throw wrongType(service, found.type);
  const version = found.latest_version;
  return managedKey(service, found.keys[version]!.public_key, async data => {
    const input = createHash('sha256').update(data).digest('base64');
    const answer = await ask<{ data: { signature: string } }>(service, {
      url: `${base}/sign/${name}/sha2-256`,
      method: 'POST',
      body: JSON.stringify({ input, prehashed: true, key_version: version, marshaling_algorithm: 'asn1' }),
      ...request,
    });
    // vault:v1:<base64>
    return Buffer.from(answer.data.signature.split(':').at(-1)!, 'base64');
  });
}
