import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';

/** What the content of a file must have: the SHA-256 of it, or git's own hash, which is over a blob (`git hash-object`). */
export interface FileHash {
  readonly kind: 'sha256' | 'git';
  readonly hex: string;
}

/**
 * Takes the content of a file. Git's hash is over a header with the length (gitformat-pack).
 * @param size bytes of the file
 */
export function beginHash({ kind }: FileHash, size: number): Hash {
  return kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${size}\0`);
}

/** As people read it. */
export function hashName({ kind }: FileHash): string {
  return kind === 'sha256' ? 'SHA-256' : 'git hash (SHA-1)';
}
