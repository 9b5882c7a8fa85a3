import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A certificate of the mesh with its key, all in PEM. */
export interface Certificate {
  readonly key: string;
  /** The certificate and those that lead to a root. */
  readonly chain: string;
  readonly roots: string;
  readonly ends: Date;
}

/**
 * What the agent of the mesh wrote last; undefined while it has not written all of it. It writes one file after the other, so for a
 * moment the key is another certificate's.
 * @param folder its OUTPUT_CERTS
 */
export async function readCertificate(folder: string): Promise<Certificate | undefined> {
  const [key, chain, roots] = await Promise.all(
    ['key.pem', 'cert-chain.pem', 'root-cert.pem'].map(name => textOf(join(folder, name))),
  );
  if (!key || !chain || !roots) return undefined;
  const certificate = new X509Certificate(chain);
  if (!certificate.checkPrivateKey(createPrivateKey(key))) return undefined;
  return { key, chain, roots, ends: certificate.validToDate };
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
