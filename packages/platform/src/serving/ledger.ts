import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { ledgerFolder } from '../folders.ts';
import type { PlatformState } from '../platform-state.ts';
import { writeSecret } from './secret-file.ts';

/** Who runs in our images; PostgreSQL takes no folder of another user. */
const imageUser = 65_532;

/** Where the ledger keeps what outlives the cluster: the database's data, and what its reader has on the way into it. */
export function ledgerFolders(state: string): { readonly data: string; readonly reader: string } {
  const folder = ledgerFolder({ state });
  return { data: join(folder, 'postgres'), reader: join(folder, 'reader') };
}

/**
 * Makes the folders of the ledger and the password of its database, unless they are there.
 * @returns the Secret with the password, which a platform team makes itself
 */
export async function prepareLedger(state: string): Promise<KubernetesObject> {
  const { data } = ledgerFolders(state);
  await mkdir(data, { recursive: true, mode: 0o700 });
  await chown(data, imageUser, imageUser);
  const { passwordFile } = ledgerDatabase(state);
  await writeSecret(passwordFile, async () => randomBytes(24).toString('hex'));
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'postgres',
      namespace: 'fairway-ledger',
      labels: { 'app.kubernetes.io/managed-by': 'fairway' },
    },
    stringData: { password: await readFile(passwordFile, 'utf8') },
  };
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
