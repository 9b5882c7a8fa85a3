import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import type { Header } from 'tar-stream';

/** A layer that was written: its file, its bytes and the digest of the uncompressed archive. */
export interface WrittenLayer {
  readonly file: string;
  readonly size: number;
  readonly digest: string;
}

/** Writes one layer to a file, entry by entry. */
export interface LayerWriter {
  /** @param content the entry's bytes for a file, nothing for every other kind */
  add(header: Header, content?: Readable): Promise<void>;
  /** Ends the archive. */
  close(): Promise<WrittenLayer>;
  /** Ends without an archive, for whatever went wrong. */
  abandon(error: Error): void;
}

export function openLayer(file: string, signal: AbortSignal | undefined): LayerWriter {
  const pack = tar.pack();
  const hash = createHash('sha256');
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const written = pipeline(pack, measure, createWriteStream(file), { signal });
  // it is awaited in `close`; until then a failure shows in the entry that could not be written
  written.catch(() => undefined);
  return {
    async add(header, content) {
      if (content) await pipeline(content, pack.entry(header));
      else pack.entry(header);
    },
    async close() {
      pack.finalize();
      await written;
      return { file, size: (await stat(file)).size, digest: `sha256:${hash.digest('hex')}` };
    },
    abandon: error => void pack.destroy(error),
  };
}
