import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import type { Bytes } from './blobs.ts';
import { inPieces } from './pieces.ts';

const deflate = promisify(deflateRaw);

// every registry and every container engine takes gzip; at this level it takes two thirds of the time of zlib's default for 2 % more bytes
const level = 4;
/** Bytes of the archive that are deflated by themselves: what follows does not refer to them, which costs less than 1 %. */
const pieceBytes = 1 << 20;
/** Bytes of a piece that are tried first. */
const sampleBytes = 32 << 10;

/** The header of RFC 1952 without a name and a time, so that the same bytes always give the same file. */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** A last block of RFC 1951 with nothing in it: those before it end at a byte, and are not the last. */
const end = Buffer.from([3, 0]);

/**
 * Compresses to one gzip member, a piece on each processor, as pigz does. Weights and archives of packages do not get smaller: a piece whose
 * beginning does not is stored as it is. What comes out depends on the bytes alone.
 */
export async function* gzip(content: Bytes): AsyncGenerator<Uint8Array> {
  yield header;
  let sum = 0;
  let size = 0;
  yield* inPieces(content, pieceBytes, piece => {
    sum = crc32(piece, sum);
    size += piece.length;
    return compress(piece);
  });
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(sum, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  yield Buffer.concat([end, trailer]);
}

/** One gzip member of bytes in memory. */
export async function gzipMember(content: Buffer): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of gzip([content])) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function compress(piece: Buffer): Promise<Buffer> {
  const sample = piece.subarray(0, sampleBytes);
  const tried = await deflate(sample, { level: 1 });
  const smaller = tried.length < sample.length * 0.98;
  return deflate(piece, { level: smaller ? level : 0, finishFlush: constants.Z_SYNC_FLUSH });
}
