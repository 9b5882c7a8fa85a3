import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { grypeEnvironment } from './grype-database.ts';

/** Where Trivy's project publishes its database; the first answers most machines, the second is its origin. */
const registries = ['https://mirror.gcr.io/v2/', 'https://ghcr.io/v2/'];
/** What names the newest database of Grype's project. */
const grypeListing = 'https://grype.anchore.io/databases/v6/latest.json';

/** Whether a registry that has the public database answers at all; asked once, with a short patience. */
export function trivyDatabaseAnswers(signal: AbortSignal): Promise<boolean> {
  // 401 is how a registry asks for an anonymous token; anything else is a proxy that speaks for it
  return oneAnswers(registries, [200, 401], signal);
}

/** The same of Grype's. */
export function grypeDatabaseAnswers(signal: AbortSignal): Promise<boolean> {
  return oneAnswers([grypeListing], [200], signal);
}

function oneAnswers(urls: readonly string[], statuses: readonly number[], signal: AbortSignal): Promise<boolean> {
  const asked = urls.map(async url => {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(4000)]),
      redirect: 'manual',
    });
    await response.body?.cancel();
    if (!statuses.includes(response.status)) throw new Error(`${url} answered ${response.status}`);
    return true;
  });
  return Promise.any(asked).catch(() => {
    signal.throwIfAborted();
    return false;
  });
}

/** Downloads the public database into `folder` (trivy.db, metadata.json). */
export async function downloadTrivyDatabase(trivy: string, folder: string, signal: AbortSignal): Promise<void> {
  await throughCache(folder, 'db', cache =>
    runCommand(trivy, ['image', '--download-db-only', '--no-progress', '--cache-dir', cache], { signal }),
  );
}

/**
 * Downloads the public database of Grype into `folder`.
 * @returns when it was built, RFC 3339
 */
export async function downloadGrypeDatabase(grype: string, folder: string, signal: AbortSignal): Promise<string> {
  return throughCache(folder, '6', async cache => {
    const environment = grypeEnvironment(cache);
    await runCommand(grype, ['db', 'update'], { signal, environment });
    const status = await runCommand(grype, ['db', 'status', '--output', 'json'], { signal, environment });
    return (JSON.parse(status) as { readonly built: string }).built;
  });
}

/** Lets a scanner write into a cache folder of its own, of which one folder is what is wanted. */
async function throughCache<T>(folder: string, name: string, write: (cache: string) => Promise<T>): Promise<T> {
  const cache = `${folder}.download`;
  await rm(cache, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  const written = await write(cache);
  await rm(folder, { recursive: true, force: true });
  await rename(join(cache, name), folder);
  await rm(cache, { recursive: true, force: true });
  return written;
}
