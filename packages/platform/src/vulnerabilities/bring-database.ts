import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { changelogFacts } from './facts.ts';
import type { FactsDocument } from './facts.ts';
import { grypeDatabase } from './grype-database.ts';
import {
  downloadGrypeDatabase,
  downloadTrivyDatabase,
  grypeDatabaseAnswers,
  trivyDatabaseAnswers,
} from './public-database.ts';
import { runCommand } from '../command.ts';

export interface BringDatabase {
  /** Where trivy.db, metadata.json and fairway.json end, and in its folder 6 the database of Grype; replaced as a whole. */
  readonly folder: string;
  /** Debian release of the images that will be scanned, such as "bookworm"; only used where no public database answers. */
  readonly suite: string;
  /** Binary packages that matter; default: every updated package that is not huge. */
  readonly packages?: readonly string[];
  /** Whether Grype's is wanted beside Trivy's. */
  readonly grype: boolean;
  /** Folder of a part once it is built: "trivy" and "vulnerability-database" are asked for, and "grype" when its database is wanted. */
  part(name: string): Promise<string>;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

export interface Database {
  readonly folder: string;
  /** RFC 3339: the date of the data. */
  readonly builtAt: string;
  /** Pairs of package and vulnerability; absent for the public database, which is not counted. */
  readonly entries?: number;
}

/** What lies beside a database that was brought: the scanner's client reads it to know what the database cannot say. */
export interface DatabaseNote {
  readonly schemaVersion: 1;
  readonly origin: 'public' | 'changelogs';
  readonly builtAt: string;
  /** RFC 3339: when the archive was last asked. */
  readonly checkedAt: string;
  readonly entries?: number;
  /** Trivy's names of the releases that the database knows, such as "debian 12"; absent when it knows all. */
  readonly platforms?: readonly string[];
  /** Sentences for people. */
  readonly limits: readonly string[];
  readonly request: { readonly suite: string; readonly packages?: readonly string[] };
}

export const databaseNote = 'fairway.json';
const day = 24 * 60 * 60 * 1000;

/** How the database of one scanner comes. */
interface Form {
  readonly scanner: string;
  /** Whether its project's own can be had from here. */
  answers(): Promise<boolean>;
  /** @returns when it was built, RFC 3339 */
  download(folder: string): Promise<string>;
  make(document: FactsDocument, folder: string): Promise<void>;
}

/**
 * Brings the vulnerability databases of the scanners: the public one where it can be had, otherwise one made of the fixes that
 * the security updates of a Debian release name in their changelogs. One that is less than a day old
 * stays, unless the other scanner's would be of other facts.
 * @returns Trivy's, in whose folder the other lies as a cache folder of Grype has it
 */
export async function bringDatabase(request: BringDatabase): Promise<Database> {
  const { folder, grype } = request;
  const grypeFolder = join(folder, '6');
  const database = await bring(request, folder, trivyForm(request), grype && (await differ(folder, grypeFolder)));
  if (grype) await bring(request, grypeFolder, grypeForm(request));
  return database;
}

/** Whether what was read of changelogs for one scanner is of another time than for the other, so that they would find different things. */
async function differ(trivy: string, grype: string): Promise<boolean> {
  const [one, other] = await Promise.all([readNote(trivy), readNote(grype)]);
  return one?.origin === 'changelogs' && other?.origin !== 'public' && one.builtAt !== other?.builtAt;
}

function trivyForm({ folder, suite, part, signal }: BringDatabase): Form {
  return {
    scanner: 'Trivy',
    answers: () => trivyDatabaseAnswers(signal),
    download: async made => {
      await downloadTrivyDatabase(join(await part('trivy'), 'trivy'), made, signal);
      return (JSON.parse(await readFile(join(made, 'metadata.json'), 'utf8')) as { UpdatedAt: string }).UpdatedAt;
    },
    make: async (document, made) => {
      const file = join(changelogs(folder, suite), 'document.json');
      await writeFile(file, JSON.stringify(document));
      await runCommand(join(await part('vulnerability-database'), 'vulnerability-database'), [file, made], { signal });
    },
  };
}

function grypeForm({ suite, part, signal }: BringDatabase): Form {
  const grype = async () => join(await part('grype'), 'grype');
  return {
    scanner: 'Grype',
    answers: () => grypeDatabaseAnswers(signal),
    download: async made => downloadGrypeDatabase(await grype(), made, signal),
    make: async (document, made) => {
      const cache = `${made}.import`;
      await rm(cache, { recursive: true, force: true });
      await grypeDatabase(await grype(), document, cache, signal, { codename: suite });
      await rm(made, { recursive: true });
      await rename(join(cache, '6'), made);
      await rm(cache, { recursive: true });
    },
  };
}

/** Where lists of packages and what was read of changelogs stay, for all databases. */
function changelogs(folder: string, suite: string): string {
  return join(dirname(folder), 'changelogs', suite);
}

async function bring(request: BringDatabase, folder: string, form: Form, anew = false): Promise<Database> {
  const { progress } = request;
  const known = await readNote(folder);
  const wanted = { suite: request.suite, packages: request.packages && [...request.packages].sort() };
  if (
    known &&
    !anew &&
    Date.now() - Date.parse(known.checkedAt) < day &&
    (known.origin === 'public' || JSON.stringify(known.request) === JSON.stringify(wanted))
  ) {
    return { folder, builtAt: known.builtAt, entries: known.entries };
  }
  const made = `${folder}.new`;
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { recursive: true });
  const note: DatabaseNote = {
    schemaVersion: 1,
    ...((await form.answers())
      ? await bringPublic(request, made, form)
      : await makeFromChangelogs(request, made, form)),
    checkedAt: new Date().toISOString(),
    request: wanted,
  };
  await writeFile(join(made, databaseNote), `${JSON.stringify(note, null, 2)}\n`);
  await rm(folder, { recursive: true, force: true });
  await rename(made, folder);
  progress(
    `vulnerability database of ${form.scanner} of ${note.builtAt.slice(0, 10)}${note.entries ? ` with ${note.entries} fixes` : ''} is there`,
  );
  return { folder, builtAt: note.builtAt, entries: note.entries };
}

type Brought = Omit<DatabaseNote, 'schemaVersion' | 'checkedAt' | 'request'>;

async function bringPublic({ progress }: BringDatabase, made: string, form: Form): Promise<Brought> {
  progress(`downloading the public vulnerability database of ${form.scanner}`);
  return { origin: 'public', builtAt: await form.download(made), limits: [] };
}

async function makeFromChangelogs(request: BringDatabase, made: string, form: Form): Promise<Brought> {
  const { folder, suite, packages, signal, progress } = request;
  progress(`no public database of ${form.scanner} answers; making one from the security updates of ${suite}`);
  const { document, limits } = await changelogFacts(changelogs(folder, suite), suite, packages, signal, progress);
  await form.make(document, made);
  return {
    origin: 'changelogs',
    builtAt: document.updatedAt,
    entries: Object.values(document.fixes).reduce((sum, of) => sum + Object.keys(of).length, 0),
    platforms: [document.platform],
    limits,
  };
}

async function readNote(folder: string): Promise<DatabaseNote | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, databaseNote), 'utf8')) as DatabaseNote;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
