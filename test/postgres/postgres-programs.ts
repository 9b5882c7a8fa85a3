import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { libraryTriplet } from '@fairway/platform/cluster/layout';
import { partsFolder } from '@fairway/platform/folders';
import { hasCode } from '@fairway/platform/has-code';
import type { Part } from '@fairway/platform/parts';
import { postgresReleases } from '../../plugins/fairway-backend/src/testing/postgres-variable.ts';

/** Debian's name for the release that the machine's distribution offers; unpacked like every other part, never installed. */
export const postgresPart: Part = { kind: 'debian', name: 'postgresql', suite: 'machine', packages: ['postgresql'] };

export interface PostgresPrograms {
  readonly release: number;
  /** Folder of initdb and postgres. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

interface Options {
  /** Of another user, who cannot see this one's cache: a part is copied into this folder for them. */
  readonly copyTo: string | undefined;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/** The machine's PostgreSQL, or one that is brought from its distribution's packages into the user's cache. */
export async function postgresPrograms(options: Options): Promise<PostgresPrograms> {
  // what they say is waited for and shown, so in one language
  const environment = { ...process.env, LC_ALL: 'C' };
  const own = await programsBelow('/');
  if (own) return { ...own, environment };
  const made = await ensureParts([postgresPart], { ...options, folder: partsFolder(platformFolders()) });
  const part = made.get(postgresPart.name) ?? '';
  if (options.copyTo !== undefined) await cp(part, options.copyTo, { recursive: true, verbatimSymlinks: true });
  const root = options.copyTo ?? part;
  const brought = await programsBelow(root);
  if (!brought) {
    const known = `${postgresReleases.at(-1)} to ${postgresReleases[0]}`;
    throw new Error(
      `${part}/usr/lib/postgresql holds no PostgreSQL ${known}, which are the releases that Backstage's test utilities know. Install one of them (apt-get install postgresql-${postgresReleases[0]}) or set the connection string of one that runs.`,
    );
  }
  const libraries = ['usr/lib', 'lib'].map(path => join(root, path, libraryTriplet()));
  return { ...brought, environment: { ...environment, LD_LIBRARY_PATH: libraries.join(':') } };
}

/** The newest release below a root folder that the tests can use. */
async function programsBelow(root: string): Promise<{ release: number; folder: string } | undefined> {
  const releases = join(root, 'usr/lib/postgresql');
  for (const release of postgresReleases) {
    const folder = join(releases, String(release), 'bin');
    const programs = await readdir(folder).catch((error: unknown): string[] => {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    });
    // a machine with only the client has a folder too
    if (programs.includes('postgres') && programs.includes('initdb')) return { release, folder };
  }
  return undefined;
}
