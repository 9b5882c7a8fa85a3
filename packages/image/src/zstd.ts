import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createZstdDecompress, zstdCompress } from 'node:zlib';
import { inPieces } from './pieces.ts';

const compressFrame = promisify(zstdCompress);

/** Bytes of the archive in one frame: twice the window of zstd's default level. */
const frameBytes = 4 << 20;

/**
 * Compresses at the default level to frames one behind the other (RFC 8878, 3), one on each processor. What comes out depends on the bytes and on
 * Node's zstd alone.
 */
export function zstd(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return inPieces(content, frameBytes, frame => compressFrame(frame, { pledgedSrcSize: frame.length }));
}

/**
 * Decompresses zstd. A layer is often several frames one behind the other (RFC 8878, 3), with frames between them that are passed over, as zstd:chunked
 * and compressors with several threads write it, and a stream of Node ends with the first.
 */
export async function* unzstd(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = compressed[Symbol.asyncIterator]();
  let left: Buffer = Buffer.alloc(0);
  try {
    for (;;) {
      if (left.length === 0) {
        const next = await input.next();
        if (next.done) return;
        left = next.value;
      }
      const frame = createZstdDecompress();
      /** What the frame got and may not have taken, which begins at this place of all that it got. */
      const given: Buffer[] = [];
      let start = 0;
      const give = (bytes: Buffer) => {
        while (given[0] && start + given[0].length <= frame.bytesWritten) start += given.shift()!.length;
        given.push(bytes);
        return bytes;
      };
      const feed = (async function* () {
        yield give(left);
        for (let next = await input.next(); !next.done; next = await input.next()) yield give(next.value);
      })();
      const source = Readable.from(feed, { objectMode: false });
      source.on('error', error => frame.destroy(error)).pipe(frame);
      yield* frame as AsyncIterable<Buffer>;
      source.unpipe(frame).destroy();
      await feed.return();
      left = Buffer.concat(given).subarray(frame.bytesWritten - start);
    }
  } finally {
    await input.return?.();
  }
}
