import { Readable } from 'node:stream';
import { LayoutError } from './layout-error.ts';

/**
 * An entry of a tar archive. Names are bytes in no known encoding, so they are held as one character for each byte; what is not read stays as it
 * was written: owners, times, extended attributes, devices.
 */
export interface TarHeader {
  readonly name: string;
  readonly type: 'file' | 'link' | 'symlink' | 'directory' | 'other';
  /** Of links. */
  readonly linkname: string;
  /** Bytes of content. */
  readonly size: number;
  /** Records of the extended header (pax), each with its length before it. */
  readonly records: readonly Buffer[];
  /** The header itself, with what GNU tar puts behind that of a file with holes. */
  readonly block: Buffer;
}

export interface TarEntry {
  readonly header: TarHeader;
  /** Is read before the next entry, or passed over. */
  readonly content: AsyncIterable<Buffer>;
}

const blockSize = 512;
const sparseName = 'GNU.sparse.name';
const types: Readonly<Record<string, TarHeader['type']>> = {
  ...{ '0': 'file', '\0': 'file', '7': 'file' },
  ...{ '1': 'link', '2': 'symlink', '5': 'directory' },
};

/** The entries of an archive as POSIX.1-2001 (pax), its ustar or GNU tar write it. */
export async function* tarEntries(archive: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const input = new Pieces(archive);
  let long: { name?: string; linkname?: string } = {};
  let records: readonly Buffer[] = [];
  try {
    for (;;) {
      let block = await input.take(blockSize);
      // an archive ends with blocks of zeros, or without any
      if (!block?.some(byte => byte !== 0)) break;
      if (number(block, 148, 8) !== checksum(block)) throw new LayoutError('A layer is no tar archive, or is damaged.');
      const flag = text(block, 156, 1) || '\0';
      const content = async () => text((await input.take(padded(number(block!, 124, 12)))) ?? Buffer.alloc(0), 0);
      if (flag === 'L') long = { ...long, name: await content() };
      else if (flag === 'K') long = { ...long, linkname: await content() };
      else if (flag === 'x') {
        const size = number(block, 124, 12);
        records = recordsOf((await input.take(padded(size)))?.subarray(0, size) ?? Buffer.alloc(0));
        // fields for all that follows: container engines read none of them
      } else if (flag === 'g') await content();
      else {
        if (flag === 'S') block = await withHoles(input, block);
        const size = Number(valueOf(records, 'size') ?? number(block, 124, 12));
        // a file with holes as pax has it stands under a name of its own, for programs that do not know it
        const name = valueOf(records, sparseName) ?? valueOf(records, 'path') ?? long.name ?? nameOf(block);
        const linkname = valueOf(records, 'linkpath') ?? long.linkname ?? text(block, 157, 100);
        const type = types[flag] ?? 'other';
        const header: TarHeader = {
          ...{ name, linkname, records, block },
          // before POSIX a folder was a file whose name ends so
          type: type === 'file' && name.endsWith('/') ? 'directory' : type,
          size: ['file', 'other'].includes(type) ? size : 0,
        };
        const bytes = input.stream(header.size);
        yield { header, content: bytes };
        while (!(await bytes.next()).done);
        await input.take(padded(header.size) - header.size);
        [long, records] = [{}, []];
      }
    }
    await input.drain();
  } finally {
    await input.close();
  }
}

/** What the headers of one entry say, as bytes of an archive have them. */
export async function readHeader(bytes: Buffer): Promise<TarHeader> {
  for await (const { header } of tarEntries(Readable.from([bytes]))) return header;
  throw new LayoutError('An entry of a layer has no header.');
}

/** Owner, rights, time and what else the headers of an entry say of it. */
export interface TarFacts {
  /** As the archive has it: `3` a character device, `4` a block device, `6` a pipe. */
  readonly flag: string;
  /** Rights, maybe with the bits of the kind of file above them. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly device: { readonly major: number; readonly minor: number };
  /** Extended attributes, with their values in bytes. */
  readonly attributes: ReadonlyMap<string, Buffer>;
  /** Whether parts that are zero were left out of the content. */
  readonly hasHoles: boolean;
}

const attributePrefix = 'SCHILY.xattr.';

export function factsOf({ block, records }: TarHeader): TarFacts {
  const field = (key: string, at: number, length: number) => Number(valueOf(records, key) ?? number(block, at, length));
  const attributes = new Map<string, Buffer>();
  for (const each of records) {
    const key = keyOf(each);
    if (key.startsWith(attributePrefix))
      attributes.set(key.slice(attributePrefix.length), each.subarray(each.indexOf('=') + 1, -1));
  }
  const flag = text(block, 156, 1) || '0';
  return {
    flag,
    mode: number(block, 100, 8),
    uid: field('uid', 108, 8),
    gid: field('gid', 116, 8),
    mtime: field('mtime', 136, 12),
    device: { major: number(block, 329, 8), minor: number(block, 337, 8) },
    attributes,
    hasHoles: flag === 'S' || records.some(each => keyOf(each).startsWith('GNU.sparse.')),
  };
}

/** An entry's headers as bytes under another name, or as a further name of a file (`target`). */
export function tarHeader({ block, records, ...header }: TarHeader, name: string, target?: string): Buffer {
  const link = target ?? header.linkname;
  const main = Buffer.from(target === undefined ? block : block.subarray(0, blockSize));
  // the second part of a name, which GNU tar's own format has for other things
  if (text(main, 257, 6) === 'ustar') main.fill(0, 345, 500);
  main.fill(0, 0, 100);
  main.write(name, 0, 100, 'latin1');
  main.fill(0, 157, 257);
  main.write(link, 157, 100, 'latin1');
  if (target !== undefined) {
    main.write('00000000000\0', 124, 'latin1');
    main.write('1', 156, 'latin1');
  }
  sign(main);
  const hasHoles = target === undefined && valueOf(records, sparseName) !== undefined;
  const own = ['path', 'linkpath', sparseName, ...(target === undefined ? [] : ['size'])];
  const fields = [
    ...records
      .filter(each => !own.includes(keyOf(each)))
      .filter(each => target === undefined || !keyOf(each).startsWith('GNU.sparse.')),
    ...(hasHoles ? [record(sparseName, name)] : []),
    ...(name.length > 100 ? [record('path', name)] : []),
    ...(link.length > 100 ? [record('linkpath', link)] : []),
  ];
  if (fields.length === 0) return main;
  const content = Buffer.concat(fields);
  return Buffer.concat([
    newBlock('PaxHeader', 'x', content.length),
    content,
    Buffer.alloc(padded(content.length) - content.length),
    main,
  ]);
}

/** The headers of a file or folder that everybody may read, of nobody and of no time, so that the same content is always the same archive. */
export function plainHeader(path: string, content: { readonly size: number } | 'folder'): Buffer {
  const folder = content === 'folder';
  const size = folder ? 0 : content.size;
  // names are bytes, one character each
  const name = Buffer.from(folder ? `${path}/` : path, 'utf8').toString('latin1');
  // eleven octal digits end at 8 GiB
  const large = size > 0o77777777777;
  const block = newBlock(name, folder ? '5' : '0', large ? 0 : size);
  block.write(folder ? '0000755\0' : '0000644\0', 100, 'latin1');
  const records = large ? [record('size', String(size))] : [];
  return tarHeader({ name, type: folder ? 'directory' : 'file', linkname: '', size, records, block }, name);
}

/** The headers of an empty file. */
export function emptyFile(name: string): Buffer {
  const block = newBlock(name, '0', 0);
  return tarHeader({ name, type: 'file', linkname: '', size: 0, records: [], block }, name);
}

export function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}

function newBlock(name: string, flag: string, size: number): Buffer {
  const block = Buffer.alloc(blockSize);
  block.write(name, 0, 100, 'latin1');
  for (const at of [100, 108, 116]) block.write('0000000\0', at, 'latin1');
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  block.write('00000000000\0', 136, 'latin1');
  block.write(flag, 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  sign(block);
  return block;
}

function sign(block: Buffer): void {
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}

/** The checksum counts as blanks in itself; blocks behind the header do not belong to it. */
function checksum(block: Buffer): number {
  return block.subarray(0, blockSize).reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
}

function nameOf(block: Buffer): string {
  const prefix = text(block, 257, 6) === 'ustar' ? text(block, 345, 155) : '';
  return prefix === '' ? text(block, 0, 100) : `${prefix}/${text(block, 0, 100)}`;
}

/** The bytes up to a zero, as characters. */
function text(bytes: Buffer, at: number, length = bytes.length): string {
  const part = bytes.subarray(at, at + length);
  const end = part.indexOf(0);
  return part.subarray(0, end < 0 ? undefined : end).toString('latin1');
}

/** Octal digits, or a number in binary where the first bit says so. */
function number(block: Buffer, at: number, length: number): number {
  if (block[at]! & 0x80)
    return block.subarray(at + 1, at + length).reduce((sum, byte) => sum * 256 + byte, block[at]! & 0x7f);
  return Number.parseInt(text(block, at, length).trim() || '0', 8);
}

async function withHoles(input: Pieces, block: Buffer): Promise<Buffer> {
  const blocks = [block];
  for (let more = block[482]; more;) {
    const next = (await input.take(blockSize)) ?? Buffer.alloc(blockSize);
    blocks.push(next);
    more = next[504];
  }
  return Buffer.concat(blocks);
}

function recordsOf(content: Buffer): readonly Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < content.length;) {
    const length = Number.parseInt(text(content, at, 20), 10);
    if (!(length > 0)) break;
    records.push(content.subarray(at, at + length));
    at += length;
  }
  return records;
}

/** `<length> <key>=<value>` and an end of line, whose length counts itself. */
function record(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.from(`${length}${rest}`, 'latin1');
}

function keyOf(bytes: Buffer): string {
  return bytes.subarray(bytes.indexOf(' ') + 1, bytes.indexOf('=')).toString('latin1');
}

/** The last record of a key counts, and an empty one takes the field away. */
function valueOf(records: readonly Buffer[], key: string): string | undefined {
  const found = records.findLast(each => keyOf(each) === key);
  return found?.subarray(found.indexOf('=') + 1, -1).toString('latin1') || undefined;
}

/** A stream whose bytes are taken in pieces of any length. */
class Pieces {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** Undefined at the end. */
  async take(length: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for await (const part of this.stream(length, true)) parts.push(part);
    if (parts.length === 0 && length > 0) return undefined;
    // memory of its own: of a large layer headers are held, and neither what came with them nor a pool that all buffers share
    const bytes = Buffer.alloc(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => at + part.copy(bytes, at), 0);
    return bytes;
  }

  async *stream(length: number, mayEnd = false): AsyncGenerator<Buffer> {
    for (let left = length; left > 0;) {
      if (this.#rest.length === 0 && !(await this.#more())) {
        if (mayEnd && left === length) return;
        throw new LayoutError('A layer ends in the middle of an entry: its archive is damaged.');
      }
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  async drain(): Promise<void> {
    while (await this.#more());
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done) return false;
    this.#rest = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    return true;
  }
}
