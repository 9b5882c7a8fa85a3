import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Layout } from './blobs.ts';
import { writeLayer } from './layers.ts';
import type { WrittenLayer } from './layers.ts';
import { padded } from './tar.ts';

/** Writes one layer to a layout, entry by entry. */
export interface LayerWriter {
  /** @param content of as many bytes as the header says */
  add(header: Buffer, content?: AsyncIterable<Buffer>): Promise<void>;
  /** Ends the archive. */
  close(): Promise<WrittenLayer>;
  /** Ends without a layer, for whatever went wrong. */
  abandon(error: Error): void;
}

export function openLayer(layout: Layout, signal: AbortSignal | undefined): LayerWriter {
  const archive = new PassThrough({ highWaterMark: 1 << 20 });
  const written = writeLayer(layout, archive, signal);
  // it is awaited in `close`; until then a failure shows in the entry that could not be written
  written.catch((error: Error) => archive.destroy(error));
  archive.on('error', () => undefined);
  const write = async (bytes: Buffer) => {
    if (archive.errored) throw archive.errored;
    if (!archive.write(bytes)) await once(archive, 'drain');
  };
  return {
    async add(header, content = none()) {
      await write(header);
      let size = 0;
      for await (const bytes of content) {
        size += bytes.length;
        await write(bytes);
      }
      if (size % 512) await write(Buffer.alloc(padded(size) - size));
    },
    close() {
      archive.end(Buffer.alloc(1024));
      return written;
    },
    abandon: error => void archive.destroy(error),
  };
}

async function* none(): AsyncGenerator<Buffer> {}
