import { createReadStream } from 'node:fs';
import { readFile, readdir, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { beginHash, hashName } from '@fairway/service/model/file-hash';
import type { Hub } from '@fairway/service/model/hub';
import { allOf } from '@fairway/clients/all-of';
import { hashesOf, sumsFile } from './hashes.ts';
import type { HashedFile, Hashes } from './hashes.ts';
import { lockFile } from './lock.ts';
import type { LockTimes } from './lock.ts';

export interface VerifyVolume {
  /** Folder of the model. */
  readonly folder: string;
  /** The digest of SHA256SUMS, or `hub`. */
  readonly hashes: string;
  /** `model.reference`, for the latter. */
  readonly reference: string;
  /** Of the list of hashes, for the file that says what was verified. */
  readonly name: string;
  /** Whether what was verified is noted on the volume and not read again. */
  readonly once: boolean;
  readonly hub: Hub;
  readonly signal: AbortSignal;
  readonly times?: LockTimes;
  say(message: string): void;
}

/** Files that were verified, with size and time of the last change. */
type Verified = Record<string, readonly [size: number, changed: number]>;

/** Files that are read at the same time. */
const atOnce = 2;

/**
 * Reads a model that lies on a volume and compares every file with its hash. That is noted beside the model, so that other pods do not read it again
 * while the files have the same size and time; of pods that start together one reads and the others wait. Where the volume cannot be written, each
 * pod reads it.
 * @throws Error with a paragraph that names the file and says what to do
 */
export async function verifyVolume(verify: VerifyVolume): Promise<void> {
  const { folder, name, once, signal, times, say } = verify;
  await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new Error(
      'The volume of model.weights.claim lacks the folder of model.weights.folder. Put the model there, or correct the name.',
    );
  });
  const note = join(folder, `.fairway-${name}.json`);
  if (!once) return void (await readAll(verify));
  const isOpen = async () => !(await isVerified(folder, note));
  const unlock = await lockFile(join(folder, `.fairway-${name}.lock`), isOpen, signal, times).catch(notWritten);
  if (unlock === 'not written') {
    say('The volume cannot be written, so each pod reads the model before its engine starts.');
    return void (await readAll(verify));
  }
  if (!unlock) return say('The files of the model are verified already.');
  try {
    const verified = await readAll(verify);
    await writeFile(`${note}.part`, JSON.stringify(verified));
    await rename(`${note}.part`, note);
  } finally {
    await unlock();
  }
}

function notWritten(error: NodeJS.ErrnoException): 'not written' {
  if (['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'].includes(error.code ?? '')) return 'not written';
  throw error;
}

async function isVerified(folder: string, note: string): Promise<boolean> {
  let noted: Verified;
  try {
    noted = JSON.parse(await readFile(note, 'utf8')) as Verified;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return false;
    throw error;
  }
  const paths = await filesOf(folder);
  if (paths.length !== Object.keys(noted).length) return false;
  for (const path of paths) {
    const { size, mtimeMs } = await stat(join(folder, path));
    if (noted[path]?.[0] !== size || noted[path][1] !== mtimeMs) return false;
  }
  return true;
}

async function readAll({ folder, hashes, reference, hub, signal, say }: VerifyVolume): Promise<Verified> {
  const list = await hashesOf(hashes, reference, hub, () => sums(folder));
  const paths = await filesOf(folder);
  const listed = new Map(list.files.map(file => [file.path, file]));
  const lacking = list.files.find(({ path, optional }) => !optional && !paths.includes(path));
  if (lacking)
    throw new Error(
      `${lacking.path} is not on the volume, and ${list.from} names it. Copy it there, or correct model.weights.folder.`,
    );
  // an engine that gets a file looks at no other
  const isFolder = list.files.some(({ path }) => !path.endsWith('.gguf'));
  const other = paths.find(path => path !== sumsFile && !listed.has(path));
  if (other !== undefined && isFolder)
    throw new Error(
      `${other} is on the volume, and ${list.from} does not name it: an engine might load it. Remove it, or give the model a folder of its own and name that in model.weights.folder.`,
    );
  const there = list.files.filter(({ path }) => paths.includes(path));
  say(`Reading ${there.length} files, which ${list.from} names.`);
  const verified: Verified = {};
  let done = 0;
  await allOf(there, atOnce, signal, async (file, within) => {
    verified[file.path] = await verifyFile(folder, file, list, within);
    say(`${++done} of ${there.length} files are what they must be: ${file.path}.`);
  });
  for (const path of paths)
    if (!verified[path]) {
      const { size, mtimeMs } = await stat(join(folder, path));
      verified[path] = [size, mtimeMs];
    }
  return verified;
}

async function verifyFile(
  folder: string,
  { path, hash, size: wanted }: HashedFile,
  list: Hashes,
  signal: AbortSignal,
): Promise<readonly [number, number]> {
  const file = join(folder, path);
  const real = await realpath(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return '';
  });
  if (!real.startsWith((await realpath(folder)) + sep))
    throw new Error(
      `${path} on the volume is a link out of the folder of the model, and the engine sees nothing outside. Put the file itself there (cp -L).`,
    );
  // before it is read: what is changed meanwhile has another time
  const { size, mtimeMs } = await stat(file);
  const reading = beginHash(hash, size);
  if (wanted === undefined || wanted === size)
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), reading, { signal });
  const found = wanted === undefined || wanted === size ? reading.digest('hex') : undefined;
  if (found === hash.hex) return [size, mtimeMs];
  const words =
    found === undefined
      ? `it has ${size} bytes, and it must have ${wanted}`
      : `its ${hashName(hash)} is ${found}, and it must be ${hash.hex}`;
  throw new Error(
    `${path} on the volume is not what ${list.from} has: ${words}. Copy the right file there, or name the hashes of the new model in model.weights.hashes, which makes a new version.`,
  );
}

async function sums(folder: string): Promise<Buffer> {
  return readFile(join(folder, sumsFile)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new Error(
      `${sumsFile} is not on the volume beside the model. Make it in the folder of the model: find . -type f ! -path '*/.*' ! -name ${sumsFile} -exec sha256sum {} + > ${sumsFile}`,
    );
  });
}

/** Files by their path, without those that begin with a dot, and what a file system keeps for itself. */
async function filesOf(folder: string, below = ''): Promise<readonly string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.name.startsWith('.') || (below === '' && entry.name === 'lost+found')) continue;
    if (entry.isDirectory()) found.push(...(await filesOf(folder, path)));
    else found.push(path);
  }
  return found.toSorted();
}
