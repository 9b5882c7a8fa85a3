import { open } from 'node:fs/promises';

/** Bytes that can be read at any place: a file, or a file behind HTTP range requests. */
export interface RandomAccess {
  /** How messages name it. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset`; the caller stays within `size`. */
  read(offset: number, length: number): Promise<Buffer>;
}

/** Opens a file, gives it to `use`, and closes it whatever happens. */
export async function withFile<T>(path: string, use: (file: RandomAccess) => Promise<T>): Promise<T> {
  await using handle = await open(path);
  const { size } = await handle.stat();
  return await use({
    name: path,
    size,
    async read(offset, length) {
      const bytes = Buffer.alloc(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0) throw new Error(`${path} became shorter while it was read`);
        done += bytesRead;
      }
      return bytes;
    },
  });
}
