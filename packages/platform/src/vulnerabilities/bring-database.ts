import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { aptRoot } from './apt-root.ts';
import type { ChangelogFix } from './changelog.ts';
import { collectFixes } from './collect-fixes.ts';
import { downloadPublicDatabase, publicDatabaseAnswers } from './public-database.ts';
import { runCommand } from '../command.ts';

export interface BringDatabase {
  /** Where trivy.db, metadata.json and fairway.json end; replaced as a whole. */
  readonly folder: string;
  /** Debian release of the images that will be scanned, such as "bookworm"; only used where no public database answers. */
  readonly suite: string;
  /** Binary packages that matter; default: every updated package that is not huge. */
  readonly packages?: readonly string[];
  /** Folder of a built part: "trivy" and "vulnerability-database" are asked for. */
  part(name: string): string;
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

/**
 * Brings a vulnerability database for Trivy: the public one where its registry answers, otherwise one made of the fixes that
 * the security updates of a Debian release name in their changelogs. One that is less than a day old is kept.
 */
export async function bringDatabase(request: BringDatabase): Promise<Database> {
  const { folder, signal, progress } = request;
  const known = await readNote(folder);
  const wanted = { suite: request.suite, packages: request.packages && [...request.packages].sort() };
  if (
    known &&
    Date.now() - Date.parse(known.checkedAt) < day &&
    (known.origin === 'public' || JSON.stringify(known.request) === JSON.stringify(wanted))
  ) {
    return { folder, builtAt: known.builtAt, entries: known.entries };
  }
  const made = `${folder}.new`;
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { recursive: true });
  const open = await publicDatabaseAnswers(signal);
  const note = open ? await bringPublic(request, made, wanted) : await makeFromChangelogs(request, made, wanted);
  await writeFile(join(made, databaseNote), `${JSON.stringify(note, null, 2)}\n`);
  await rm(folder, { recursive: true, force: true });
  await rename(made, folder);
  progress(
    `vulnerability database of ${note.builtAt.slice(0, 10)}${note.entries ? ` with ${note.entries} fixes` : ''} is there`,
  );
  return { folder, builtAt: note.builtAt, entries: note.entries };
}

async function bringPublic(
  request: BringDatabase,
  made: string,
  wanted: DatabaseNote['request'],
): Promise<DatabaseNote> {
  request.progress('downloading the public vulnerability database');
  await downloadPublicDatabase(join(request.part('trivy'), 'trivy'), made, request.signal);
  const { UpdatedAt } = JSON.parse(await readFile(join(made, 'metadata.json'), 'utf8')) as { UpdatedAt: string };
  return {
    schemaVersion: 1,
    origin: 'public',
    builtAt: UpdatedAt,
    checkedAt: new Date().toISOString(),
    limits: [],
    request: wanted,
  };
}

async function makeFromChangelogs(
  request: BringDatabase,
  made: string,
  wanted: DatabaseNote['request'],
): Promise<DatabaseNote> {
  const { signal, progress, suite } = request;
  progress(`no public vulnerability database answers; making one from the security updates of ${suite}`);
  const work = join(dirname(request.folder), 'changelogs', suite);
  const root = await aptRoot(work, suite, signal);
  const { fixes, left } = await collectFixes(root, join(work, 'fixes'), wanted.packages, signal, progress);
  const platform = `debian ${root.version}`;
  const builtAt = root.updatedAt.toISOString();
  const document = {
    platform,
    source: `changelogs of ${suite}-security`,
    url: 'https://security-tracker.debian.org/tracker/',
    updatedAt: builtAt,
    nextUpdate: new Date(root.updatedAt.getTime() + day).toISOString(),
    fixes: Object.fromEntries(
      Object.entries(fixes)
        .filter(([, of]) => Object.keys(of).length > 0)
        .map(([source, of]) => [source, entries(source, of)]),
    ),
  };
  const documentFile = join(work, 'document.json');
  await writeFile(documentFile, JSON.stringify(document));
  const program = join(request.part('vulnerability-database'), 'vulnerability-database');
  await runCommand(program, [documentFile, made], { signal });
  const skipped = Object.keys(left);
  return {
    schemaVersion: 1,
    origin: 'changelogs',
    builtAt,
    checkedAt: new Date().toISOString(),
    entries: Object.values(document.fixes).reduce((sum, of) => sum + Object.keys(of).length, 0),
    platforms: [platform],
    limits: [
      `Only packages of Debian ${suite} that have a security update are known, so every finding can be fixed and a vulnerability without a fix is not seen.`,
      'Severity is the urgency of the upload that fixed it, not a CVSS score.',
      'Packages of Python, Node and other languages are not known at all.',
      ...(skipped.length ? [`Left out: ${skipped.sort().join(', ')}.`] : []),
    ],
    request: wanted,
  };
}

const severityOf: Readonly<Record<string, string>> = {
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  critical: 'CRITICAL',
  emergency: 'CRITICAL',
};

function entries(source: string, fixes: Readonly<Record<string, ChangelogFix>>) {
  return Object.fromEntries(
    Object.entries(fixes).map(([id, fix]) => [
      id,
      {
        version: fix.version,
        severity: severityOf[fix.urgency] ?? 'UNKNOWN',
        title: fix.text === id ? `Fixed in ${source} ${fix.version}` : fix.text,
        url: `https://security-tracker.debian.org/tracker/${id}`,
      },
    ]),
  );
}

async function readNote(folder: string): Promise<DatabaseNote | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, databaseNote), 'utf8')) as DatabaseNote;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
