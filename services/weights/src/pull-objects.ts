import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeAll } from '@fairway/service/model/download';
import { beginHash, hashName } from '@fairway/service/model/file-hash';
import type { Hub } from '@fairway/service/model/hub';
import { allOf } from '@fairway/clients/all-of';
import { hashesOf, sumsFile } from './hashes.ts';
import type { HashedFile, Hashes } from './hashes.ts';
import { isLostConnection } from './object-store.ts';
import type { ObjectStore } from './object-store.ts';
import { putOnce } from './put-once.ts';
import type { Files, Place } from './put-once.ts';

export interface PullObjects extends Place {
  /** s3://bucket/folder, for what is said of it. */
  readonly bucket: string;
  /** The digest of SHA256SUMS, or `hub`. */
  readonly hashes: string;
  /** `model.reference`, for the latter. */
  readonly reference: string;
  readonly store: ObjectStore;
  readonly hub: Hub;
  say(message: string): void;
}

/** Files that come at the same time. */
const atOnce = 3;
/** How often in a row a file may break off without a byte more. */
const attempts = 5;
/** A list of hashes is smaller; what is larger is another file. */
const mostSums = 16 * 2 ** 20;

/**
 * Pulls a model from an object store: the files that a list of hashes names, each proved by its hash. What the store has beside them is not looked at.
 * @throws Error with a paragraph that says what to do
 */
export async function pullObjects(pull: PullObjects): Promise<void> {
  const { bucket, hashes, reference, store, hub, signal, say } = pull;
  const put = await putOnce(pull, async part => {
    const list = await hashesOf(hashes, reference, hub, () => sums(store, signal));
    const wanted = list.files.filter(({ optional }) => !optional);
    say(`Pulling ${wanted.length} files from ${bucket}, as ${list.from} names them.`);
    const files: Files = {};
    let done = 0;
    await allOf(wanted, atOnce, signal, async (file, within) => {
      files[file.path] = await pullFile(pull, list, file, join(part, file.path), within);
      say(`${++done} of ${wanted.length} files are there: ${file.path}.`);
    });
    return files;
  });
  say(put ? `${bucket} is there: ${Object.keys(put).length} files.` : `${bucket} is there already.`);
}

async function sums(store: ObjectStore, signal: AbortSignal): Promise<Buffer> {
  const { chunks } = await store.get(sumsFile, 0, signal);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > mostSums)
      throw new Error(
        `${sumsFile} in the bucket has more than 16 MiB, so it is no list of hashes. Make it with sha256sum.`,
      );
  }
  return Buffer.concat(parts);
}

/** @returns its size */
async function pullFile(
  { bucket, store }: PullObjects,
  list: Hashes,
  file: HashedFile,
  target: string,
  signal: AbortSignal,
): Promise<number> {
  await mkdir(dirname(target), { recursive: true });
  const handle = await open(target, 'w', 0o644);
  try {
    let hash = beginHash(file.hash, file.size ?? 0);
    let size = 0;
    for (let failures = 0; ;) {
      const before = size;
      try {
        const { from, chunks } = await store.get(file.path, size, signal);
        if (from !== size) {
          size = 0;
          hash = beginHash(file.hash, file.size ?? 0);
        }
        for await (const chunk of chunks) {
          await writeAll(handle, chunk, size);
          hash.update(chunk);
          size += chunk.length;
        }
        break;
      } catch (error) {
        signal.throwIfAborted();
        if (!isLostConnection(error as Error)) throw error;
        failures = size > before ? 0 : failures + 1;
        if (failures === attempts)
          throw new Error(
            `${file.path} of ${bucket} broke off after ${size} bytes, ${attempts} times without a byte more: ${(error as Error).message}. Look at the network between the pods and the store.`,
          );
        await sleep(Math.random() * 250 * 2 ** failures, undefined, { signal });
      }
    }
    const found = hash.digest('hex');
    if (found !== file.hash.hex)
      throw new Error(
        `${file.path} of ${bucket} is not what ${list.from} has: its ${hashName(file.hash)} is ${found}, and it must be ${file.hash.hex}. Nothing of it was taken. Upload the right file, or name the hashes of the new model in model.weights.hashes, which makes a new version.`,
      );
    await handle.sync();
    return size;
  } finally {
    await handle.close();
  }
}
