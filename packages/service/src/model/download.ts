import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError } from '../configuration-error.ts';
import { beginHash, hashName } from './file-hash.ts';
import { askHub } from './hub.ts';
import type { Hub, HubFile } from './hub.ts';
import { reasonOf } from '../reasons/delivery-reason.ts';
import { systemErrorCode } from '../system-error.ts';

export interface Download {
  /** The pinned reference that the file belongs to, for what is said of it. */
  readonly reference: string;
  readonly file: HubFile;
  /** Where it is to lie. What lies there already is taken as its beginning. */
  readonly target: string;
  readonly signal: AbortSignal;
  /** Gets the bytes that came, or were there, since it was called last. */
  passed(bytes: number): void;
}

/** How often in a row a file may break off without a byte more. */
const attempts = 5;
/** Milliseconds without a byte after which a connection is taken for lost. */
const silence = 60_000;

/**
 * Downloads a file of a model and proves that it is what the commit has: whoever answers, the hub or what it redirects to, is believed by the hash
 * alone. A file that broke off goes on where it was.
 * @param hub its fetch sets no limit to how long a body may take
 * @throws ConfigurationError for another content, which is deleted, and where it breaks off again and again
 */
export async function downloadFile(hub: Hub, { reference, file, target, signal, passed }: Download): Promise<void> {
  const there = await sizeOf(target);
  const begun = there > file.size ? 0 : there;
  let hash = beginHash(file.hash, file.size);
  const handle = await open(target, begun === 0 ? 'w' : 'r+');
  try {
    if (begun > 0) {
      for await (const chunk of createReadStream(target, { end: begun - 1, highWaterMark: 1 << 20, signal }))
        hash.update(chunk as Buffer);
      passed(begun);
    }
    let size = begun;
    for (let failures = 0; size < file.size;) {
      const before = size;
      let words: string;
      try {
        const body = await bodyFrom(hub, file, reference, size, signal);
        if (body.from === 0 && size > 0) {
          passed(-size);
          size = 0;
          hash = beginHash(file.hash, file.size);
        }
        for await (const chunk of body.chunks) {
          if (size + chunk.length > file.size)
            throw new ConfigurationError(reasonOf('hub.tooLong', { hub: hub.url, path: file.url, size: file.size }));
          await writeAll(handle, chunk, size);
          hash.update(chunk);
          size += chunk.length;
          passed(chunk.length);
        }
        words = 'the answer ended';
      } catch (error) {
        signal.throwIfAborted();
        if (!isLostConnection(error)) throw error;
        words = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message;
      }
      failures = size > before ? 0 : failures + 1;
      if (failures === attempts)
        throw new ConfigurationError(
          reasonOf('hub.brokeOff', { hub: hub.url, path: file.url, bytes: size, size: file.size, attempts, words }),
        );
      if (size < file.size) await sleep(Math.random() * 250 * 2 ** failures, undefined, { signal });
    }
    const found = hash.digest('hex');
    if (found !== file.hash.hex) throw otherHash(reference, file, found);
  } catch (error) {
    // what is wrong is no beginning for the next run
    if (error instanceof ConfigurationError && /^hub\.(tooLong|otherHash)$/.test(codeOf(error))) await rm(target);
    throw error;
  } finally {
    await handle.close();
  }
}

function codeOf({ coded }: ConfigurationError): string {
  return typeof coded === 'object' ? coded.code : '';
}

function otherHash(reference: string, { path, hash }: HubFile, found: string): ConfigurationError {
  const kind = hashName(hash);
  return new ConfigurationError(reasonOf('hub.otherHash', { file: path, reference, kind, found, wanted: hash.hex }));
}

/** The bytes from a place on, or all of them from a hub that knows no ranges. */
async function bodyFrom(
  hub: Hub,
  file: HubFile,
  reference: string,
  from: number,
  signal: AbortSignal,
): Promise<{ readonly from: number; readonly chunks: AsyncIterable<Uint8Array> }> {
  const silent = new AbortController();
  const within = AbortSignal.any([signal, silent.signal]);
  // what is compressed on the way would have other ranges
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (from > 0) headers['range'] = `bytes=${from}-`;
  const response = await askHub(hub, file.url, reference, headers, within);
  const starts = Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? 0);
  const chunks = async function* () {
    const late = new DOMException(`no byte for ${silence / 1000} s`, 'TimeoutError');
    const timer = setTimeout(() => silent.abort(late), silence);
    try {
      for await (const chunk of response.body ?? []) {
        timer.refresh();
        yield chunk as Uint8Array;
      }
    } finally {
      clearTimeout(timer);
    }
  };
  return { from: response.status === 206 && starts === from ? from : 0, chunks: chunks() };
}

/** Fetch has a TypeError for what happens to a connection. */
function isLostConnection(error: unknown): boolean {
  return ['TypeError', 'TimeoutError'].includes((error as Error).name);
}

/** Writes bytes to their place in a file: one call may write a part of them alone. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let written = 0; written < bytes.length;)
    written += (await handle.write(bytes, written, bytes.length - written, at + written)).bytesWritten;
}

/** Bytes of a file; 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
