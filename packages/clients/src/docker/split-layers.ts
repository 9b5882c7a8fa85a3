import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Layout, WrittenLayer } from '@fairway/image';
import tar from 'tar-stream';
import type { Header } from 'tar-stream';
import { ToolError } from '../tool-error.ts';
import type { FlattenRequest } from './flatten.ts';
import { openLayer } from './layer-writer.ts';

// The daemon puts these into every container; the image does not have them.
const ofContainer = new Set(['.dockerenv', 'dev/console', 'dev/pts', 'dev/shm', 'etc/mtab']);
// These too, but here an image's own file cannot be told from the daemon's empty one by its name alone.
const ofContainerWhenEmpty = new Set(['etc/hosts', 'etc/hostname', 'etc/resolv.conf']);
// The daemon writes into these folders when it makes a container, which changes their times.
const touched = new Set(['', 'dev', 'etc', 'proc', 'sys']);

export interface SplitLayers {
  /** The rest first, then those of `apart` when there are any. */
  readonly layers: readonly WrittenLayer[];
  /** Files whose bytes are in no layer, and those bytes. */
  readonly dropped: { readonly files: number; readonly bytes: number };
}

/**
 * Writes the files of a container, as the daemon exports them, to layers of a layout.
 *
 * An archive holds the bytes of hard-linked files once, at the first name. Where that name is left out and another one stays (`uv`
 * links its cache and site-packages), the other one gets the bytes; a link into the other layer goes into the layer of its bytes.
 */
export async function splitLayers(
  exported: Readable,
  created: Date,
  request: FlattenRequest,
  layout: Layout,
): Promise<SplitLayers> {
  const { signal } = request;
  const writers = [openLayer(layout, signal), openLayer(layout, signal)] as const;
  const folder = await mkdtemp(join(tmpdir(), 'fairway-left-out-'));
  const spool = openSpool(join(folder, 'left-out'));
  const dropped = { files: 0, bytes: 0 };
  /** Files that were left out: their bytes until a name that stays takes them, then that name. */
  const gone = new Map<string, { start: number; header: Header } | string | undefined>();
  let filesApart = 0;
  const layerOf = (path: string) =>
    request.apart !== undefined && (path === request.apart || path.startsWith(`${request.apart}/`)) ? 1 : 0;
  const write = async (layer: 0 | 1, header: Header, content?: Readable): Promise<void> => {
    if (layer === 1) filesApart++;
    await writers[layer].add(header, content);
  };
  const addLink = async (path: string, target: string, header: Header): Promise<void> => {
    const held = gone.get(target);
    if (typeof held === 'string') return write(layerOf(held), { ...header, linkname: held });
    if (held) {
      gone.set(target, path);
      dropped.files--;
      dropped.bytes -= held.header.size ?? 0;
      return write(layerOf(path), { ...held.header, name: header.name }, spool.read(held.start, held.header.size));
    }
    if (!gone.has(target)) return write(layerOf(target), header);
    const what = `exporting the files of ${request.source}`;
    throw new ToolError('docker', what, undefined, `${path} is a hard link to ${target}, which the daemon made.`);
  };
  const copy = async (extract: tar.Extract): Promise<void> => {
    for await (const entry of extract) {
      const { header } = entry;
      const content = entry as unknown as Readable;
      const path = plainPath(header.name);
      const file = header.type === 'file' || header.type === 'contiguous-file';
      const ofDaemon = ofContainer.has(path) || (ofContainerWhenEmpty.has(path) && !header.size);
      if (ofDaemon || request.drop(path, header.type === 'directory')) {
        if (ofDaemon) gone.set(path, undefined);
        if (!ofDaemon && file) {
          dropped.files++;
          dropped.bytes += header.size ?? 0;
          gone.set(path, { start: await spool.add(content), header });
        }
        entry.resume();
      } else if (file) await write(layerOf(path), header, content);
      else {
        entry.resume();
        if (header.type === 'link' && header.linkname) await addLink(path, plainPath(header.linkname), header);
        else await write(layerOf(path), touched.has(path) ? { ...header, mtime: created } : header);
      }
    }
  };
  try {
    const extract = tar.extract();
    await Promise.all([pipeline(exported, extract, { signal }), copy(extract)]);
    const [rest, apart] = await Promise.all([writers[0].close(), writers[1].close()]);
    return { layers: filesApart ? [rest, apart] : [rest], dropped };
  } catch (error) {
    for (const writer of writers) writer.abandon(error instanceof Error ? error : new Error(String(error)));
    throw error;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Keeps the bytes of files that are left out, in one file, until it is known that no other name has them. */
function openSpool(file: string) {
  let size = 0;
  return {
    /** @returns where the bytes begin */
    async add(content: Readable): Promise<number> {
      const start = size;
      const target = createWriteStream(file, { flags: 'a' });
      await pipeline(content, target);
      size += target.bytesWritten;
      return start;
    },
    read(start: number, length = 0): Readable {
      return length ? createReadStream(file, { start, end: start + length - 1 }) : Readable.from([]);
    },
  };
}

function plainPath(name: string): string {
  return name.replace(/^\.?\//, '').replace(/\/$/, '');
}
