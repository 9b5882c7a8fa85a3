import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { Redaction } from '../redaction.ts';
import { deflatedPart, gzipOf } from './full-flush.ts';

/** A stretch of an answer. */
interface Part {
  readonly bytes: Buffer;
  readonly hash: string;
  /** Made when it is first asked for. */
  deflated?: Promise<Buffer>;
}

/** Rows that stand together in their list. */
interface RowsPart extends Part {
  readonly rows: readonly object[];
}

/** Rows of one part: a row that changes costs its part and no more. */
const rowsOfPart = 64;

/** Bytes under which Backstage's own compression does as well. */
const small = 64 * 1024;

/** Milliseconds for which other requests may wait while an answer is written. */
const patience = 10;

/** Whole answers that are held compressed. */
const held = 8;

/**
 * Writes answers as JSON without the credentials in them. The rows of their lists never change, so what was written of a row is
 * written again as it is: of a list of thousands only what changed costs anything.
 */
export class Answers {
  readonly #redaction: Redaction;
  readonly #rows = new WeakMap<object, string>();
  /** By the first row. */
  readonly #parts = new WeakMap<object, RowsPart>();
  /** By entity tag, the one that was asked for last at the end. */
  readonly #compressed = new Map<string, Promise<Buffer>>();

  constructor(redaction: Redaction) {
    this.#redaction = redaction;
  }

  /** Answers a request that was let in. */
  async send(request: Request, response: Response, value: object): Promise<void> {
    const parts = await this.#written(value);
    response.type('json');
    if (request.method === 'GET') {
      // whoever asks again may no longer see it, so it is held by the browser alone and asked for each time
      response.set('Cache-Control', 'private, no-cache');
      response.set('ETag', tagOf(parts));
      response.vary('Accept-Encoding');
      if (request.fresh) return void response.status(304).end();
    }
    const size = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (size < small || !request.acceptsEncodings('gzip')) {
      response.send(Buffer.concat(parts.map(({ bytes }) => bytes)));
      return;
    }
    const compressed = await this.#gzip(tagOf(parts), parts);
    response.set('Content-Encoding', 'gzip');
    response.send(compressed);
  }

  /** The answer in JSON, in parts that are the same objects as the last time where nothing of them changed. */
  async #written(value: object): Promise<readonly Part[]> {
    const parts: Part[] = [];
    let text = '{';
    const flush = () => {
      parts.push(partOf(text));
      text = '';
    };
    let begun = performance.now();
    for (const [name, field] of Object.entries(value)) {
      if (field === undefined) continue;
      text += `${text === '{' && parts.length === 0 ? '' : ','}${JSON.stringify(name)}:`;
      if (!isListOfRows(field)) {
        // with its name, which may say that it is a credential
        const [redacted] = Object.values(this.#redaction.value({ [name]: field as unknown }));
        text += JSON.stringify(redacted);
        continue;
      }
      text += '[';
      for (let from = 0; from < field.length; from += rowsOfPart) {
        if (from > 0) text += ',';
        flush();
        parts.push(this.#part(field.slice(from, from + rowsOfPart)));
        if (performance.now() - begun < patience) continue;
        await turn();
        begun = performance.now();
      }
      text += ']';
    }
    text += '}';
    flush();
    return parts;
  }

  #part(rows: readonly object[]): RowsPart {
    const [first] = rows as [object];
    const known = this.#parts.get(first);
    if (known && known.rows.length === rows.length && known.rows.every((row, place) => row === rows[place]))
      return known;
    const made = { ...partOf(rows.map(row => this.#row(row)).join(',')), rows };
    this.#parts.set(first, made);
    return made;
  }

  #row(row: object): string {
    const known = this.#rows.get(row);
    if (known !== undefined) return known;
    const written = JSON.stringify(this.#redaction.value(row));
    this.#rows.set(row, written);
    return written;
  }

  #gzip(tag: string, parts: readonly Part[]): Promise<Buffer> {
    const made =
      this.#compressed.get(tag) ??
      Promise.all(
        parts.map(async part => ({ bytes: part.bytes, deflated: await (part.deflated ??= deflatedPart(part.bytes)) })),
      ).then(gzipOf);
    this.#compressed.delete(tag);
    this.#compressed.set(tag, made);
    if (this.#compressed.size > held) this.#compressed.delete(this.#compressed.keys().next().value ?? '');
    return made;
  }
}

function isListOfRows(field: unknown): field is readonly object[] {
  return Array.isArray(field) && typeof field[0] === 'object' && field[0] !== null;
}

function partOf(text: string): Part {
  const bytes = Buffer.from(text);
  return { bytes, hash: createHash('sha256').update(bytes).digest('base64') };
}

/** Weak, because the same answer goes out compressed or not. */
function tagOf(parts: readonly Part[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part.hash);
  return `W/"${hash.digest('base64url')}"`;
}
