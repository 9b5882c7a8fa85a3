import { createHash } from 'node:crypto';
import { listOf } from '@fairway/service/reasons/delivery-reason';
import { withLogin } from '../http-login.ts';
import type { AwsSigning } from '../aws/sign.ts';
import type { SigningKey } from '../sigstore/index.ts';
import { ask, managedKey, wrongType } from './managed-key.ts';

interface PublicKey {
  readonly KeySpec: string;
  readonly KeyUsage: string;
  readonly PublicKey: string;
}

/**
 * A key in AWS KMS.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export async function awsKey(
  arn: string,
  at: { readonly url: string; readonly login: Omit<AwsSigning, 'service'>; readonly signal?: AbortSignal },
): Promise<SigningKey> {
  const service = { tool: 'AWS KMS', key: arn, permissions: listOf('list.and', ['kms:GetPublicKey', 'kms:Sign']) };
  const { authorize } = withLogin({ aws: { ...at.login, service: 'kms' } });
  const call = <T>(action: string, parameters: object) =>
    ask<T>(service, {
      url: at.url,
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${action}` },
      body: JSON.stringify(parameters),
      authorize,
      signal: at.signal,
    });
  const found = await call<PublicKey>('GetPublicKey', { KeyId: arn });
  if (found.KeyUsage !== 'SIGN_VERIFY') throw wrongType(service, found.KeySpec, found.KeyUsage);
  const publicKey = { key: Buffer.from(found.PublicKey, 'base64'), format: 'der', type: 'spki' } as const;
  return managedKey(service, publicKey, async data => {
    const { Signature } = await call<{ Signature: string }>('Sign', {
      // not the key that an alias named a moment ago: a policy may let in requests by the alias alone
      KeyId: arn,
      Message: createHash('sha256').update(data).digest('base64'),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    });
    return Buffer.from(Signature, 'base64');
  });
}
