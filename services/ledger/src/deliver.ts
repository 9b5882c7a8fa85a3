import { DatabaseError } from 'pg';
import { rowsOf } from './spool.ts';
import type { Spool } from './spool.ts';
import type { Store, Stored } from './store.ts';

/** Data that no repetition makes acceptable; 23514 is a day without a partition, which is made at the next attempt. */
const rejected = (code: string | undefined) => /^2[23]/.test(code ?? '') && code !== '23514';

export type Delivered =
  | ({ readonly outcome: 'stored' } & Stored)
  | { readonly outcome: 'rejected'; readonly path: string; readonly error: DatabaseError };

/**
 * Puts the oldest file of the spool into the database and takes it away.
 * @returns undefined when nothing waits
 * @throws what the database or the way to it says; the file stays for the next attempt
 */
export async function deliverOldest(spool: Spool, store: Store): Promise<Delivered | undefined> {
  const path = await spool.oldest();
  if (path === undefined) return undefined;
  try {
    const stored = await store.add(await rowsOf(path));
    await spool.remove(path);
    return { outcome: 'stored', ...stored };
  } catch (error) {
    if (!(error instanceof DatabaseError && rejected(error.code))) throw error;
    return { outcome: 'rejected', path: await spool.setAside(path), error };
  }
}
