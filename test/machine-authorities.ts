import { readFile } from 'node:fs/promises';

/** The certificate authorities that this machine trusts, which a proxy before the package indexes may need. Empty where there is no such file. */
export async function machineAuthorities(): Promise<Buffer> {
  const file = process.env['SSL_CERT_FILE'] ?? '/etc/ssl/certs/ca-certificates.crt';
  return readFile(file).catch(() => Buffer.alloc(0));
}
