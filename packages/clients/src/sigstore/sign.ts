import { createHash, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { bundleToJSON } from '@sigstore/bundle';
import { DSSEBundleBuilder, FulcioSigner, RekorWitness } from '@sigstore/sign';
import type { BundleBuilderOptions, Signer } from '@sigstore/sign';
import { ToolError } from '../tool-error.ts';
import { privateKey } from './private-key.ts';
import { statementType } from './statement.ts';
import type { Statement } from './statement.ts';

/** A key pair of ECDSA on P-256, wherever the private key is. */
export interface SigningKey {
  readonly publicKey: KeyObject;
  /** Signature in DER, by SHA-256. @throws ToolError */
  sign(data: Buffer): Promise<Buffer>;
}

/** Who signs: the holder of a key, or the identity that an OpenID Connect token proves ("keyless"). */
export type SigningIdentity =
  | { readonly key: SigningKey }
  | {
      /** A token for the audience `sigstore`. */
      token(): Promise<string>;
      /** The authority that certifies the identity and the public log of signatures; default: those of sigstore.dev. */
      readonly fulcio?: string;
      readonly rekor?: string;
    };

/** Signs statements; the answer is a Sigstore bundle as JSON. */
export class StatementSigner {
  private readonly builder: DSSEBundleBuilder;

  constructor(identity: SigningIdentity) {
    this.builder = new DSSEBundleBuilder(optionsOf(identity));
  }

  /** @throws ToolError when the signature, the certificate or the entry in the log cannot be had */
  async sign(statement: Statement): Promise<Buffer> {
    const data = Buffer.from(JSON.stringify(statement));
    try {
      const bundle = await this.builder.create({ data, type: statementType });
      // the bundle names the key; in the envelope cosign would compare the name with one that it makes from the key as SSH does
      for (const signature of bundle.content.dsseEnvelope.signatures) signature.keyid = '';
      return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
    } catch (error) {
      if (error instanceof ToolError) throw error;
      // the message of some holds the token
      const { code, cause } = error as { code?: string; cause?: { statusCode?: number; message?: string } };
      const what = reasonOf('sigstore.signing', { statement: statement.predicateType });
      const advice = reasonOf('sigstore.permission');
      throw new ToolError('sigstore', what, cause?.statusCode ?? code, cause?.message ?? '', advice);
    }
  }
}

function optionsOf(identity: SigningIdentity): BundleBuilderOptions {
  // a key of one's own is for registries that nobody else sees: nothing of it goes to a public log
  if ('key' in identity) return { signer: keySigner(identity.key), witnesses: [] };
  const { fulcio, rekor } = identity;
  return {
    signer: new FulcioSigner({ identityProvider: { getToken: () => identity.token() }, fulcioBaseURL: fulcio }),
    witnesses: [new RekorWitness({ rekorBaseURL: rekor, entryType: 'dsse' })],
  };
}

/** The name of a key pair, as cosign gives it: a hash of the public key. */
export function keyName(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}

/** The key of a PEM file. @throws ToolError when it cannot be read */
export function keyOfPem(pem: string, passphrase?: string): SigningKey {
  const key = privateKey(pem, passphrase);
  return { publicKey: createPublicKey(key), sign: async data => sign('sha256', data, key) };
}

function keySigner(key: SigningKey): Signer {
  const hint = keyName(key.publicKey);
  const publicKey = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    sign: async data => ({ signature: await key.sign(data), key: { $case: 'publicKey', publicKey, hint } }),
  };
}
