import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { firstTime } from './container-log.ts';

/** A file of a container's log: the one that is written, or one that the kubelet rotated and perhaps compressed. */
export interface LogFile {
  /** Stays the same through rotation and compression: pod, container and the time of the first line. */
  readonly id: string;
  readonly path: string;
  /** The time that its first line begins with. */
  readonly begun: string;
  readonly compressed: boolean;
}

/** Pods of one kind of gateway, and the container of them that writes the access log. */
export interface GatewayPods {
  readonly namespace: string;
  readonly container: string;
}

/** `0.log`, `0.log.20261126-100000`, `0.log.20261126-100000.gz`; what ends in `.tmp` is being compressed. */
const names = /^(\d+)\.log(?:\.(\d{8}-\d{6})(\.gz)?)?$/;
/** Longer than any time that a first line begins with. */
const beginBytes = 64;

/**
 * The log files of all gateway pods of a node, oldest first in each pod. One that the kubelet renames or removes meanwhile is left out; it is
 * found under its next name.
 * @param folder the node's /var/log/pods
 */
export async function gatewayLogs(folder: string, gateways: readonly GatewayPods[]): Promise<readonly LogFile[]> {
  const folders = (await readdir(folder)).sort();
  const pods = gateways.flatMap(({ namespace, container }) =>
    folders.filter(name => name.startsWith(`${namespace}_`)).map(pod => ({ pod, container })),
  );
  const found: LogFile[] = [];
  for (const { pod, container } of pods) {
    const inside = await orMissing(readdir(join(folder, pod, container)));
    for (const name of (inside ?? []).filter(one => names.test(one)).sort(byAge)) {
      const path = join(folder, pod, container, name);
      const compressed = name.endsWith('.gz');
      const begin = await orMissing(compressed ? beginOfCompressed(path) : beginOfPlain(path));
      const begun = begin && firstTime(begin);
      if (begun) found.push({ id: `${pod}/${name.split('.')[0]}/${begun}`, path, begun, compressed });
    }
  }
  return found;
}

/** The rotated ones before the one that is written, restarts of the container in their order. */
function byAge(one: string, other: string): number {
  const key = (name: string) => {
    const [, restart, rotated] = names.exec(name) ?? [];
    return `${restart?.padStart(6, '0')} ${rotated ?? '~'} ${name}`;
  };
  return key(one) < key(other) ? -1 : 1;
}

async function beginOfPlain(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    return await beginOf(file);
  } finally {
    await file.close();
  }
}

async function beginOf(file: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(beginBytes), 0, beginBytes, 0);
  return buffer.subarray(0, bytesRead);
}

/** A compressed file never changes, and reading even its begin costs a few hundred kilobytes. */
const begins = new Map<string, Buffer>();

async function beginOfCompressed(path: string): Promise<Buffer> {
  const { ino, mtimeMs } = await stat(path);
  const key = `${path} ${ino} ${mtimeMs}`;
  const known = begins.get(key);
  if (known) return known;
  const begin = await beginOfDecompressed(path);
  if (begins.size > 1000) begins.clear();
  begins.set(key, begin);
  return begin;
}

async function beginOfDecompressed(path: string): Promise<Buffer> {
  try {
    for await (const piece of decompressed(path)) return Buffer.from(piece.subarray(0, beginBytes));
  } catch (error) {
    if (!isDamage(error)) throw error;
    // known by its name: whoever reads it hears of the damage
    return Buffer.from(`${basename(path)} `);
  }
  return Buffer.alloc(0);
}

/** Whether an error says that a compressed file is not what was written, as after a power cut. */
export function isDamage(error: unknown): error is Error {
  return String((error as NodeJS.ErrnoException).code).startsWith('Z_');
}

/**
 * What follows after `from` bytes of a log file's plain content, in pieces. Nothing where the kubelet has rotated the file since the look at
 * the folder: its name is that of the next file then, of which these bytes are not.
 * @yields pieces of at most `size` bytes
 */
export async function* contentAfter(file: LogFile, from: number, size: number): AsyncGenerator<Buffer> {
  if (!file.compressed) {
    const opened = await open(file.path);
    try {
      if (firstTime(await beginOf(opened)) !== file.begun) return;
      yield* opened.createReadStream({ start: from, highWaterMark: size, autoClose: false });
    } finally {
      await opened.close();
    }
    return;
  }
  let left = from;
  for await (const piece of decompressed(file.path)) {
    if (piece.length > left) yield piece.subarray(left);
    left = Math.max(0, left - piece.length);
  }
}

async function* decompressed(path: string): AsyncGenerator<Buffer> {
  const source = createReadStream(path);
  const unpacked = source.pipe(createGunzip({ chunkSize: 64 * 1024 }));
  source.on('error', error => unpacked.destroy(error));
  try {
    yield* unpacked;
  } finally {
    source.destroy();
  }
}

/** undefined where the file is gone. */
async function orMissing<Value>(value: Promise<Value>): Promise<Value | undefined> {
  try {
    return await value;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
