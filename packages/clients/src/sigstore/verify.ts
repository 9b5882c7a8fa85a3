import { createPublicKey } from 'node:crypto';
import { bundleFromJSON, isBundleWithDsseEnvelope } from '@sigstore/bundle';
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import { Verifier, toSignedEntity, toTrustMaterial } from '@sigstore/verify';
import { statementType } from './statement.ts';
import type { SignedStatement, Statement } from './statement.ts';

/** Whose signature counts. */
export type Trust =
  /** The holder of the private key to this public one (PEM). */
  | { readonly publicKey: string }
  /** Workflows that GitHub runs for this repository, given by its address, by the certificates of this authority. */
  | { readonly repository: string; readonly root: TrustedRoot };

/** Why a signature does not count, as half a sentence. */
export class UntrustedSignature extends Error {
  override readonly name = 'UntrustedSignature';
}

/** The issuer of the tokens by which GitHub's workflows prove who they are. */
const githubIssuer = 'https://token.actions.githubusercontent.com';

const noAuthorities = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };

/** Fulcio's extension "Source Repository URI" (github.com/sigstore/fulcio, docs/oid-info.md). */
const repositoryExtension = [1, 3, 6, 1, 4, 1, 57264, 1, 12];

/**
 * The statement of a Sigstore bundle, when who signed it is trusted.
 * @throws UntrustedSignature
 */
export function verifiedStatement(bundle: Uint8Array, trust: Trust): SignedStatement {
  try {
    const read = bundleFromJSON(JSON.parse(Buffer.from(bundle).toString('utf8')));
    const envelope = isBundleWithDsseEnvelope(read) ? read.content.dsseEnvelope : undefined;
    if (envelope?.payloadType !== statementType) throw new UntrustedSignature('it signs no statement');
    const workflow = verify(toSignedEntity(read), trust);
    return { ...(JSON.parse(envelope.payload.toString('utf8')) as Statement), workflow };
  } catch (error) {
    if (error instanceof UntrustedSignature) throw error;
    throw new UntrustedSignature((error as Error).message);
  }
}

/** @returns the workflow that signed, which Fulcio writes into the certificate's subject alternative name (docs/oidc.md); undefined with a key */
function verify(entity: ReturnType<typeof toSignedEntity>, trust: Trust): string | undefined {
  if ('publicKey' in trust) {
    if (entity.key.$case !== 'public-key')
      throw new UntrustedSignature('it was made with a certificate, not with the key');
    // whatever name the bundle gives its key, there is one that counts
    const publicKey = createPublicKey(trust.publicKey);
    const material = { ...noAuthorities, publicKey: () => ({ publicKey, validFor: () => true }) };
    new Verifier(material, { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 }).verify(entity);
    return undefined;
  }
  if (entity.key.$case !== 'certificate')
    throw new UntrustedSignature('it was made with a key, not by a workflow of GitHub');
  const value = derText(trust.repository);
  const { identity } = new Verifier(toTrustMaterial(trust.root)).verify(entity, {
    extensions: { issuer: githubIssuer },
    oids: [{ oid: { id: repositoryExtension }, value }],
  });
  return identity?.subjectAlternativeName;
}

/** A UTF8String in DER (X.690, 8.1.3): its length takes one byte up to 127, two up to 255. */
function derText(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const length = bytes.length < 128 ? [bytes.length] : [0x81, bytes.length];
  return Buffer.concat([Buffer.from([0x0c, ...length]), bytes]);
}
