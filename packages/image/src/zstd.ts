import { Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';

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
