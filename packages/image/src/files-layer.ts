import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { posix } from 'node:path';
import { LayoutError } from './layout-error.ts';
import { mediaTypes } from './oci.ts';
import type { Descriptor } from './oci.ts';
import { padded, plainHeader } from './tar.ts';

/** A file as it is to lie in a layer. */
export interface LayerFile {
  /** In the layer, with forward slashes. */
  readonly path: string;
  /** On this machine. */
  readonly source: string;
  readonly size: number;
}

/** A part of an archive: bytes of memory, or a file. */
type Part = { readonly bytes: Buffer } | LayerFile;

const end = Buffer.alloc(1024);

/**
 * A layer of files, which is not compressed and never written down: its bytes are the headers and the files where they lie, so it takes neither disk
 * nor memory. Folders come before what is in them, and times, owners and rights are the same everywhere.
 */
export class FilesLayer {
  readonly #parts: readonly Part[];
  readonly size: number;

  constructor(files: readonly LayerFile[]) {
    this.#parts = partsOf(files);
    this.size = this.#parts.reduce((sum, part) => sum + sizeOf(part), 0);
  }

  /**
   * Reads all files once.
   * @param signal ends it
   * @param passed gets the bytes that were read since it was called last
   */
  async describe(signal: AbortSignal, passed: (bytes: number) => void = () => undefined): Promise<Descriptor> {
    const hash = createHash('sha256');
    for (const part of this.#parts) {
      if ('bytes' in part) {
        hash.update(part.bytes);
        continue;
      }
      let size = 0;
      for await (const chunk of createReadStream(part.source, { highWaterMark: 1 << 20, signal })) {
        hash.update(chunk as Buffer);
        size += (chunk as Buffer).length;
        passed((chunk as Buffer).length);
      }
      if (size !== part.size) throw changed(part);
    }
    return { mediaType: mediaTypes.layer, digest: `sha256:${hash.digest('hex')}`, size: this.size };
  }

  /** Opens the files for reading any part of the archive. */
  reader(): { read(start: number, end: number): Promise<Uint8Array>; close(): Promise<void> } {
    const handles = new Map<string, FileHandle>();
    const read = async (start: number, stop: number): Promise<Uint8Array> => {
      const buffer = Buffer.alloc(Math.max(0, Math.min(stop, this.size) - start));
      let at = 0;
      for (const part of this.#parts) {
        const size = sizeOf(part);
        const [from, to] = [Math.max(0, start - at), Math.min(size, stop - at)];
        if (from < to) await fill(part, from, buffer.subarray(at + from - start, at + to - start));
        at += size;
      }
      return buffer;
    };
    const fill = async (part: Part, from: number, into: Buffer): Promise<void> => {
      if ('bytes' in part) return void part.bytes.copy(into, 0, from);
      const handle = handles.get(part.source) ?? (await open(part.source));
      handles.set(part.source, handle);
      for (let filled = 0; filled < into.length;) {
        const { bytesRead } = await handle.read(into, filled, into.length - filled, from + filled);
        if (bytesRead === 0) throw changed(part);
        filled += bytesRead;
      }
    };
    return { read, close: async () => void (await Promise.all([...handles.values()].map(handle => handle.close()))) };
  }
}

function partsOf(files: readonly LayerFile[]): readonly Part[] {
  const parts: Part[] = [];
  const folders = new Set<string>();
  for (const file of files) {
    for (const folder of foldersAbove(file.path)) {
      if (folders.has(folder)) continue;
      folders.add(folder);
      parts.push({ bytes: plainHeader(folder, 'folder') });
    }
    parts.push({ bytes: plainHeader(file.path, file) }, file, {
      bytes: Buffer.alloc(padded(file.size) - file.size),
    });
  }
  return [...parts, { bytes: end }];
}

/** Of a/b/c: a and a/b. */
function foldersAbove(path: string): readonly string[] {
  const folder = posix.dirname(path);
  return folder === '.' ? [] : [...foldersAbove(folder), folder];
}

function sizeOf(part: Part): number {
  return 'bytes' in part ? part.bytes.length : part.size;
}

function changed({ source }: LayerFile): LayoutError {
  return new LayoutError(`${source} was changed while it was read. Wait until nothing writes to it, and run again.`);
}
