import net from 'node:net';
import tls from 'node:tls';
import { HTTPParser } from 'http-parser-js';
import type { HTTPParserJS } from 'http-parser-js';

/** Headers of an answer by lower-case name; a name that came twice has both values, with a comma between. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** What happens to one request, in this order; exactly one of `end` and `broke` is last. */
export interface AnswerListener {
  head(status: number, headers: AnswerHeaders, at: number): void;
  /**
   * @param bytes a part of the body, one byte a character, as it was read from the socket
   * @param at    when it was read, on the clock of the connections
   */
  body(bytes: string, at: number): void;
  end(): void;
  broke(error: NodeJS.ErrnoException): void;
}

export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/**
 * HTTP/1.1 connections to one origin that are kept open between requests. They read each socket once and take the time then:
 * an answer of a thousand tokens costs a quarter of the processor time of node:http, and its times do not wait for the
 * other streams of the process. http-parser-js, which follows the parser of Node, splits the messages.
 */
export class Connections {
  readonly #origin: URL;
  readonly #now: () => number;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();

  /** @param now milliseconds of the clock that dates what is read */
  constructor(origin: string, now: () => number) {
    this.#origin = new URL(origin);
    this.#now = now;
  }

  /** @returns what ends the request early; the listener then hears of nothing any more */
  send(request: RequestHead, listener: AnswerListener): () => void {
    const message = messageOf(request, this.#origin);
    const servername = request.headers['host'] ?? this.#origin.hostname;
    let answered = false;
    const heard: AnswerListener = {
      head(status, headers, at) {
        answered = true;
        listener.head(status, headers, at);
      },
      body: (bytes, at) => listener.body(bytes, at),
      end: () => listener.end(),
      broke: error => {
        // a kept connection that the server closed just as it was used again: nothing was answered, so a new one is tried
        if (answered || !connection.reused || !lostIdle.has(error.code ?? '')) return listener.broke(error);
        connection = this.#connect(servername);
        connection.send(message, heard);
      },
    };
    let connection = this.#takeIdle(servername) ?? this.#connect(servername);
    connection.send(message, heard);
    return () => connection.abandon(heard);
  }

  /**
   * Opens connections that later requests find ready; nothing is sent on them.
   * @throws Error of the first that could not be opened
   */
  async open(count: number, host = this.#origin.hostname): Promise<void> {
    const opened = Array.from({ length: count }, () => this.#connect(host));
    await Promise.all(opened.map(one => one.ready()));
    this.#idle.push(...opened);
  }

  close(): void {
    for (const connection of this.#all) connection.destroy();
  }

  #takeIdle(servername: string): Connection | undefined {
    const at = this.#idle.findLastIndex(one => one.servername === servername);
    return at < 0 ? undefined : this.#idle.splice(at, 1)[0];
  }

  #connect(servername: string): Connection {
    const connection = new Connection(this.#origin, servername, this.#now, {
      free: one => this.#idle.push(one),
      gone: one => {
        this.#all.delete(one);
        const at = this.#idle.indexOf(one);
        if (at >= 0) this.#idle.splice(at, 1);
      },
    });
    this.#all.add(connection);
    return connection;
  }
}

const lostIdle = new Set(['ECONNRESET', 'EPIPE']);

/** One buffer for every socket of the process: it is read out before the next read begins. */
const readBuffer = Buffer.allocUnsafeSlow(65_536);

/** Bytes as one character each: a string costs less than a buffer, of which each token would need one. */
interface Read {
  readonly connection: Connection;
  readonly bytes: string;
  readonly at: number;
}

/**
 * What was read and not yet parsed. A thousand streams whose tokens arrive at one moment are all read, and dated, before the
 * first of them is parsed: parsing takes longer than reading, and the last would be dated late by what it takes.
 */
let reads: Read[] = [];

function readLater(connection: Connection, bytes: string, at: number): void {
  if (reads.push({ connection, bytes, at }) === 1) setImmediate(parseReads);
}

function parseReads(): void {
  const parsing = reads;
  reads = [];
  for (const { connection, bytes, at } of parsing) connection.parse(bytes, at);
}

interface Owner {
  free(connection: Connection): unknown;
  gone(connection: Connection): void;
}

/** With what it stands before, and what of a line it has read, which its types leave out. */
type Parser = HTTPParserJS & { readonly state?: string; readonly line?: string };

class Connection {
  readonly servername: string;
  /** Whether the server may have closed it since it was opened. */
  reused = false;
  readonly #socket: net.Socket;
  readonly #parser: Parser = new HTTPParser(HTTPParser.RESPONSE);
  readonly #owner: Owner;
  #listener: AnswerListener | undefined;
  #readAt = 0;
  #interim = false;
  #keepAlive = false;

  constructor(origin: URL, servername: string, now: () => number, owner: Owner) {
    this.servername = servername;
    this.#owner = owner;
    const read = (buffer: Buffer, length: number) => readLater(this, buffer.toString('latin1', 0, length), now());
    const host = origin.hostname.replace(/^\[|\]$/g, '');
    if (origin.protocol === 'https:') {
      this.#socket = tls.connect({
        host,
        port: Number(origin.port || 443),
        servername: net.isIP(servername) ? undefined : servername.replace(/:\d+$/, ''),
        ALPNProtocols: ['http/1.1'],
      });
      this.#socket.on('data', bytes => read(bytes, bytes.length));
    } else {
      this.#socket = net.connect({
        host,
        port: Number(origin.port || 80),
        onread: {
          buffer: readBuffer,
          callback: length => {
            read(readBuffer, length);
            return true;
          },
        },
      });
    }
    this.#socket.setNoDelay(true);
    this.#socket.on('error', error => {
      parseReads();
      this.#break(error);
    });
    this.#socket.on('close', () => {
      parseReads();
      // a body without a length ends with its connection
      this.#parser.finish();
      this.#break(closed());
      this.#owner.gone(this);
    });
    this.#parser[HTTPParser.kOnHeadersComplete] = info => {
      this.#interim = info.statusCode < 200;
      this.#keepAlive = info.shouldKeepAlive;
      if (!this.#interim) this.#listener?.head(info.statusCode, headersOf(info.headers), this.#readAt);
    };
    this.#parser[HTTPParser.kOnBody] = (bytes, offset, length) =>
      this.#listener?.body(bytes.toString('latin1', offset, offset + length), this.#readAt);
    this.#parser[HTTPParser.kOnMessageComplete] = () => {
      if (this.#interim) return;
      const listener = this.#listener;
      this.#listener = undefined;
      this.reused = true;
      if (this.#keepAlive && listener && !this.#socket.destroyed) this.#owner.free(this);
      else this.#socket.destroy();
      listener?.end();
    };
  }

  /** @param at when the bytes were read */
  parse(bytes: string, at: number): void {
    this.#readAt = at;
    const chunk = this.#parser.state === 'BODY_CHUNKHEAD' && this.#parser.line === '' ? wholeChunk(bytes) : undefined;
    if (chunk !== undefined) return this.#listener?.body(chunk, at);
    const parsed = this.#parser.execute(Buffer.from(bytes, 'latin1'), 0, bytes.length);
    if (parsed instanceof Error) this.#break(parsed);
  }

  send(message: string, listener: AnswerListener): void {
    this.#listener = listener;
    this.#socket.write(message);
  }

  /** Waits until it is open. */
  ready(): Promise<void> {
    // what the server may close before it is used is as good as used
    this.reused = true;
    return new Promise((resolve, reject) => {
      this.#socket.once(this.#socket instanceof tls.TLSSocket ? 'secureConnect' : 'connect', resolve);
      this.#socket.once('error', reject);
    });
  }

  /** The answer to this listener's request is no longer wanted. */
  abandon(listener: AnswerListener): void {
    if (this.#listener !== listener) return;
    this.#listener = undefined;
    this.#socket.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #break(error: NodeJS.ErrnoException): void {
    const listener = this.#listener;
    this.#listener = undefined;
    this.#socket.destroy();
    listener?.broke(error);
  }
}

/** The chunk of a body that a read holds and nothing else, as each token of most engines comes. The parser takes twice as long for it. */
function wholeChunk(bytes: string): string | undefined {
  const { length } = bytes;
  const head = (headsByLength[length] ??= headOf(length));
  const ends = bytes.charCodeAt(length - 2) === 13 && bytes.charCodeAt(length - 1) === 10;
  // comparing a slice is quicker than startsWith
  return ends && head !== '' && bytes.slice(0, head.length) === head ? bytes.slice(head.length, -2) : undefined;
}

/** `headOf` of each length that came. */
const headsByLength: string[] = [];

/** How a chunk begins that has so many bytes in all: its size and a line break (RFC 9112 §7.1). Empty where no chunk is so long. */
function headOf(length: number): string {
  for (let digits = 1; digits < 8; digits++) {
    const size = length - digits - 4;
    if (size > 0 && size.toString(16).length === digits) return `${size.toString(16)}\r\n`;
  }
  return '';
}

function closed(): NodeJS.ErrnoException {
  return Object.assign(new Error('the connection was closed before the answer ended'), { code: 'ECONNRESET' });
}

function headersOf(raw: readonly string[]): AnswerHeaders {
  const headers: Record<string, string> = {};
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase();
    headers[name] = name in headers ? `${headers[name]}, ${raw[index + 1]}` : raw[index + 1]!;
  }
  return headers;
}

function messageOf(request: RequestHead, origin: URL): string {
  let head = `${request.method} ${origin.pathname.replace(/\/$/, '')}${request.path} HTTP/1.1\r\n`;
  if (!request.headers['host']) head += `host: ${origin.host}\r\n`;
  // without it any coding is acceptable (RFC 9110, 12.5.3), and what is compressed is not read here
  if (!request.headers['accept-encoding']) head += 'accept-encoding: identity\r\n';
  for (const [name, value] of Object.entries(request.headers)) {
    // what holds a line break would become a header of its own
    if (/[\r\n]/.test(name + value)) throw new TypeError(`The header ${name} holds a line break.`);
    head += `${name}: ${value}\r\n`;
  }
  if (request.body === undefined) return `${head}\r\n`;
  return `${head}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(request.body)}\r\n\r\n${request.body}`;
}
