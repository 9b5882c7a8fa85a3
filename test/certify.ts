import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '@fairway/platform/command';

/**
 * Makes NAME.key and NAME.crt in a folder, for 127.0.0.1 and a day.
 * @param by who vouches for it, made here before; itself when absent
 * @returns both as PEM
 */
export async function certify(
  folder: string,
  name: string,
  by?: string,
): Promise<{ certificate: string; key: string }> {
  const [certificate, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  const authority = by ? ['-CA', join(folder, `${by}.crt`), '-CAkey', join(folder, `${by}.key`)] : [];
  const named = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const signal = AbortSignal.timeout(60_000);
  await runCommand('openssl', [...words, ...authority, ...named, '-keyout', key, '-out', certificate], { signal });
  return { certificate: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') };
}
