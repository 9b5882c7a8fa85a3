import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Usage } from './access-line.ts';

/** What is written into one file before the next begins. */
const segmentBytes = 4 * 2 ** 20;
const suffix = '.jsonl';

interface Segment {
  readonly path: string;
  readonly file: FileHandle;
  bytes: number;
}

/**
 * Rows on their way into the database, as files of JSON lines on this node's disk. The kubelet removes a pod's log with the pod and after a
 * few rotations, so what was read must not wait for the database there.
 */
export class Spool {
  readonly #folder: string;
  #current: Segment | undefined;
  #next: number;
  #bytes: number;
  /** One after the other: a file is not ended while it is being written. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, next: number, bytes: number) {
    this.#folder = folder;
    this.#next = next;
    this.#bytes = bytes;
  }

  /** Takes up what an earlier process left in the folder, which is made if there is none. */
  static async open(folder: string): Promise<Spool> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const files = await segments(folder);
    const sizes = await Promise.all(files.map(async name => (await stat(join(folder, name))).size));
    const last = Number(files.at(-1)?.slice(0, -suffix.length) ?? 0);
    return new Spool(
      folder,
      last + 1,
      sizes.reduce((sum, size) => sum + size, 0),
    );
  }

  /** Bytes that wait for the database. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Returns when the rows are on the disk. After an error the rows count as not written. */
  append(rows: readonly Usage[]): Promise<void> {
    return this.#inTurn(() => this.#append(rows));
  }

  async #append(rows: readonly Usage[]): Promise<void> {
    if (rows.length === 0) return;
    const text = Buffer.from(rows.map(row => `${JSON.stringify(row)}\n`).join(''));
    this.#current ??= await this.#begin();
    const segment = this.#current;
    try {
      await segment.file.appendFile(text);
      await segment.file.datasync();
    } catch (error) {
      // nothing may follow a torn line
      await this.#end();
      throw error;
    }
    segment.bytes += text.length;
    this.#bytes += text.length;
    if (segment.bytes >= segmentBytes) await this.#end();
  }

  /** The oldest file with rows; one that is being written is ended for it. */
  oldest(): Promise<string | undefined> {
    return this.#inTurn(async () => {
      const [name] = await segments(this.#folder);
      const path = name === undefined ? undefined : join(this.#folder, name);
      if (path !== undefined && path === this.#current?.path) await this.#end();
      return path;
    });
  }

  /** Takes a file away whose rows are in the database. */
  async remove(path: string): Promise<void> {
    const { size } = await stat(path);
    await rm(path);
    this.#forget(size);
  }

  /** Puts a file aside that the database does not take, for a person to look at. */
  async setAside(path: string): Promise<string> {
    const { size } = await stat(path);
    const aside = `${path}.rejected`;
    await rename(path, aside);
    this.#forget(size);
    return aside;
  }

  /** A torn line is in the file and was never counted. */
  #forget(bytes: number): void {
    this.#bytes = Math.max(0, this.#bytes - bytes);
  }

  #inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(action);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #begin(): Promise<Segment> {
    const path = join(this.#folder, `${String(this.#next++).padStart(12, '0')}${suffix}`);
    return { path, file: await open(path, 'ax', 0o600), bytes: 0 };
  }

  async #end(): Promise<void> {
    const segment = this.#current;
    this.#current = undefined;
    await segment?.file.close();
  }
}

async function segments(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter(name => name.endsWith(suffix)).sort();
}

/** The rows of a file. The last line of one whose writer was killed may be torn: it was never said to be written. */
export async function rowsOf(path: string): Promise<readonly Usage[]> {
  const text = await readFile(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Usage);
}
