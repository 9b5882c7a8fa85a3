import { open } from 'node:fs/promises';
import { hasCode } from './has-code.ts';

/**
 * The end of a log, for an error that says what the program said last.
 * @param from byte from which on; what was written by an earlier run is left out
 * @param lines how many at most
 */
export async function lastLines(path: string, from = 0, lines = 12): Promise<string> {
  let file;
  try {
    file = await open(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
  try {
    const { size } = await file.stat();
    const start = Math.max(from, size - 16 * 1024);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - start)), 0, undefined, start);
    return buffer.subarray(0, bytesRead).toString().trimEnd().split('\n').slice(-lines).join('\n');
  } finally {
    await file.close();
  }
}
