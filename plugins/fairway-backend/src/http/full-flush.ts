import { promisify } from 'node:util';
import zlib from 'node:zlib';

const deflate = promisify(zlib.deflateRaw);

/** Without a name, a time and flags; of an unknown system (RFC 1952, 2.3). */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
/** The last block, with nothing in it (RFC 1951, 3.2.3). */
const end = Buffer.from([3, 0]);

/** Compresses a part so that it can stand beside others: it ends at a byte and refers to nothing before it. Off the main thread. */
export function deflatedPart(part: Buffer): Promise<Buffer> {
  return deflate(part, { finishFlush: zlib.constants.Z_FULL_FLUSH });
}

/** One gzip file of parts that were compressed apart, as `pigz` makes it of what its threads compressed. */
export function gzipOf(parts: readonly { readonly bytes: Buffer; readonly deflated: Buffer }[]): Buffer {
  const trailer = Buffer.alloc(8);
  const sum = parts.reduce((crc, { bytes }) => zlib.crc32(bytes, crc), 0);
  const size = parts.reduce((total, { bytes }) => total + bytes.length, 0);
  trailer.writeUInt32LE(sum, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  return Buffer.concat([header, ...parts.map(({ deflated }) => deflated), end, trailer]);
}
