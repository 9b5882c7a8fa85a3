import { createPrivateKey, scryptSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import nacl from 'tweetnacl';
import { ToolError } from '../tool-error.ts';

interface EncryptedKey {
  readonly kdf: {
    readonly salt: string;
    readonly params: { readonly N: number; readonly r: number; readonly p: number };
  };
  readonly cipher: { readonly nonce: string };
  readonly ciphertext: string;
}

const cosignKey = /-----BEGIN ENCRYPTED (?:SIGSTORE|COSIGN) PRIVATE KEY-----([\s\S]+?)-----END/;

/**
 * The private key of a PEM file: PKCS #8, encrypted or not, or what `cosign generate-key-pair` writes (scrypt and NaCl's secretbox
 * around PKCS #8). The key is ECDSA on P-256, as cosign's own are.
 * @throws ToolError when the text is no such key, or the passphrase is not its own; neither is shown
 */
export function privateKey(pem: string, passphrase = ''): KeyObject {
  let key: KeyObject;
  try {
    const encrypted = cosignKey.exec(pem)?.[1];
    key = encrypted
      ? createPrivateKey({ key: opened(encrypted, passphrase), format: 'der', type: 'pkcs8' })
      : createPrivateKey({ key: pem, passphrase });
  } catch (error) {
    throw problem((error as Error).message);
  }
  if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  throw problem(`it is of the type ${key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType}.`);
}

function opened(base64: string, passphrase: string): Buffer {
  const { kdf, cipher, ciphertext } = JSON.parse(Buffer.from(base64, 'base64').toString('utf8')) as EncryptedKey;
  const bytes = (text: string) => Buffer.from(text, 'base64');
  const { N, r, p } = kdf.params;
  // twice what scrypt needs by RFC 7914, which is 128 * N * r
  const secret = scryptSync(passphrase, bytes(kdf.salt), nacl.secretbox.keyLength, { N, r, p, maxmem: 256 * N * r });
  const plain = nacl.secretbox.open(bytes(ciphertext), bytes(cipher.nonce), secret);
  if (!plain) throw new Error('the passphrase is not the one of this key.');
  return Buffer.from(plain);
}

function problem(found: string): ToolError {
  const advice = reasonOf('sigstore.giveKey');
  return new ToolError('sigstore', reasonOf('sigstore.readKey'), undefined, found, advice);
}
