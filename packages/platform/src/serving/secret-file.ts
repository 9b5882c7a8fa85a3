import { randomUUID } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';

/**
 * Writes a file (0600) that holds a secret, unless it is there. Nobody sees it half written, and of two that write it at
 * the same time the first wins.
 */
export async function writeSecret(file: string, make: () => Promise<string>): Promise<void> {
  if (existsSync(file)) return;
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, await make(), { mode: 0o600, flag: 'wx' });
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
