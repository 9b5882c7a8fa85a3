import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSecret } from './serving/secret-file.ts';

/** Makes the key that signs the images of this platform, unless it is there. */
export async function signingKey(state: string): Promise<{ readonly keyFile: string; readonly publicKeyFile: string }> {
  const folder = join(state, 'signing');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [keyFile, publicKeyFile] = [join(folder, 'private.pem'), join(folder, 'public.pem')];
  await writeSecret(keyFile, async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  });
  const publicKey = createPublicKey(await readFile(keyFile, 'utf8'));
  await writeFile(publicKeyFile, publicKey.export({ type: 'spki', format: 'pem' }));
  return { keyFile, publicKeyFile };
}
