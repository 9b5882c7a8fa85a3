import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '@fairway/platform/command';

/** Writes what Grype's project publishes beside a database that was made: its archive, and which is the newest. */
export async function publishDatabase(folder: string, built: string): Promise<void> {
  const { signal } = new AbortController();
  const archive = 'vulnerability-db.tar.gz';
  await runCommand('tar', ['-C', join(folder, '6'), '-czf', join(folder, archive), 'vulnerability.db'], { signal });
  const sum = createHash('sha256')
    .update(await readFile(join(folder, archive)))
    .digest('hex');
  const latest = { status: 'active', schemaVersion: 'v6.1.10', built, path: archive, checksum: `sha256:${sum}` };
  await writeFile(join(folder, 'latest.json'), JSON.stringify(latest));
}
