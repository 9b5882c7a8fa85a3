import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ledgerFolder } from '../folders.ts';
import type { PlatformState } from '../platform-state.ts';
import type { Places } from './manifests.ts';
import { writeSecret } from './secret-file.ts';

/** Who runs in our images; PostgreSQL takes no folder of another user. */
const imageUser = 65_532;

/** Makes the folders of the ledger and the password of its database, unless they are there. */
export async function ledgerPlaces(state: string): Promise<Places> {
  const folder = ledgerFolder({ state });
  const data = join(folder, 'postgres');
  await mkdir(data, { recursive: true, mode: 0o700 });
  await chown(data, imageUser, imageUser);
  const { passwordFile } = ledgerDatabase(state);
  await writeSecret(passwordFile, async () => randomBytes(24).toString('hex'));
  return { 'ledger-folder': folder, 'ledger-password': await readFile(passwordFile, 'utf8') };
}

/** How this machine reaches the ledger's database: by a socket in a folder that only root may enter, so no port is open. */
export function ledgerDatabase(state: string): NonNullable<PlatformState['ledger']> {
  const folder = ledgerFolder({ state });
  return {
    host: join(folder, 'postgres'),
    user: 'ledger',
    database: 'postgres',
    passwordFile: join(folder, 'password'),
  };
}
