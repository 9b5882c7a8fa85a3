import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A vulnerability database on disk. */
export interface ScannerDatabase {
  /** Folder that holds the database's file itself. */
  readonly folder: string;
  /** RFC 3339: the date of the data. */
  readonly date?: string;
  /** Releases the database knows, such as "debian 12"; absent when it knows all that the scanner knows. */
  readonly platforms?: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Looks for a database in folders; answers undefined when none has its file. A fairway.json beside it says what the database does not
 * know, and the metadata.json that Trivy writes says of which day it is.
 */
export async function findDatabase(folders: readonly string[], file: string): Promise<ScannerDatabase | undefined> {
  for (const folder of folders) {
    if (!(await exists(join(folder, file)))) continue;
    const metadata = await json<{ UpdatedAt?: string }>(join(folder, 'metadata.json'));
    const note = await json<{ platforms?: readonly string[]; limits?: readonly string[] }>(
      join(folder, 'fairway.json'),
    );
    return { folder, date: metadata?.UpdatedAt, platforms: note?.platforms, notes: note?.limits ?? [] };
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(absent)) !== undefined;
}

async function json<T>(path: string): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(absent);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
