import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import type { Header } from 'tar-stream';
import type { Layout } from './blobs.ts';
import { writeLayer } from './layers.ts';
import type { WrittenLayer } from './layers.ts';

/** What an archive needs to know of an entry. */
export type NewHeader = Pick<Header, 'name'> & Partial<Header>;

/** Writes one layer to a layout, entry by entry. */
export interface LayerWriter {
  /** @param content the entry's bytes for a file, nothing for every other kind */
  add(header: NewHeader, content?: Readable): Promise<void>;
  /** Ends the archive. */
  close(): Promise<WrittenLayer>;
  /** Ends without a layer, for whatever went wrong. */
  abandon(error: Error): void;
}

export function openLayer(layout: Layout, signal: AbortSignal | undefined): LayerWriter {
  const pack = tar.pack();
  const written = writeLayer(layout, Readable.from(pack), signal);
  // it is awaited in `close`; until then a failure shows in the entry that could not be written
  written.catch(() => undefined);
  return {
    async add(header, content) {
      if (content) await pipeline(content, pack.entry(header));
      else pack.entry(header);
    },
    close() {
      pack.finalize();
      return written;
    },
    abandon: error => void pack.destroy(error),
  };
}
