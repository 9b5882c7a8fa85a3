import { availableParallelism } from 'node:os';
import type { Bytes } from './blobs.ts';

/** Works on pieces of one length, but for the last, as many at the same time as there are processors, and gives what they became in their order. */
export async function* inPieces(
  content: Bytes,
  pieceBytes: number,
  work: (piece: Buffer) => Promise<Buffer>,
): AsyncGenerator<Buffer> {
  const running: Promise<Buffer>[] = [];
  try {
    for await (const piece of piecesOf(content, pieceBytes)) {
      const done = work(piece);
      // it is awaited in turn; a failure before that is not one of the process
      done.catch(() => undefined);
      if (running.push(done) > availableParallelism()) yield await running.shift()!;
    }
    for (const done of running.splice(0)) yield await done;
  } finally {
    // whoever ends early does not leave the work behind
    await Promise.allSettled(running);
  }
}

/** The same bytes in pieces of one length, but for the last. */
export async function* piecesOf(content: Bytes, pieceBytes: number): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for await (let chunk of content) {
    while (bytes + chunk.length >= pieceBytes) {
      const rest = pieceBytes - bytes;
      yield Buffer.concat([...held, chunk.subarray(0, rest)]);
      chunk = chunk.subarray(rest);
      [held, bytes] = [[], 0];
    }
    if (chunk.length > 0) held.push(chunk);
    bytes += chunk.length;
  }
  if (bytes > 0) yield Buffer.concat(held);
}
