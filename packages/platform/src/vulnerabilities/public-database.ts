import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.ts';

/** Where Trivy's project publishes its database; the first answers most machines, the second is its origin. */
const registries = ['https://mirror.gcr.io/v2/', 'https://ghcr.io/v2/'];

/** Whether a registry that has the public database answers at all; asked once, with a short patience. */
export async function publicDatabaseAnswers(signal: AbortSignal): Promise<boolean> {
  const asked = registries.map(async url => {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(4000)]),
      redirect: 'manual',
    });
    await response.body?.cancel();
    // 401 is how a registry asks for an anonymous token; anything else is a proxy that speaks for it
    if (response.status !== 200 && response.status !== 401) throw new Error(`${url} answered ${response.status}`);
    return true;
  });
  return Promise.any(asked).catch(() => {
    signal.throwIfAborted();
    return false;
  });
}

/** Downloads the public database into `folder` (trivy.db, metadata.json). */
export async function downloadPublicDatabase(trivy: string, folder: string, signal: AbortSignal): Promise<void> {
  const cache = `${folder}.download`;
  await rm(cache, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  await runCommand(trivy, ['image', '--download-db-only', '--no-progress', '--cache-dir', cache], { signal });
  await rm(folder, { recursive: true, force: true });
  await rename(join(cache, 'db'), folder);
  await rm(cache, { recursive: true, force: true });
}
