import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Engines } from './engines.ts';
import { forward, NotReached } from './forward.ts';

export interface Limits {
  /** Requests that are held at the same time. */
  readonly requests: number;
  /** Bytes of their bodies, all together. */
  readonly bytes: number;
  /** Seconds that one is held: a cold start. */
  readonly seconds: number;
}

/** Why a request is held no longer. */
class Ended extends Error {}

/** Milliseconds before an engine that was not reached, or another one, is tried. */
const between = 200;

/** Seconds after which a client that got no engine may ask again. */
const retryAfter = 10;

/** Bytes of all headers: more than the gateway takes, 60 KiB. */
const maxHeaderSize = 64 * 1024;

/** Milliseconds: longer than the gateway leaves a connection idle, so that it is the one that closes. */
const idle = 120_000;

/**
 * Holds requests until an engine is ready, and gives them to it. A body is read while its request waits, so that a client that hangs up is noticed; the
 * gateway has read it already.
 */
export class Activator {
  readonly #engines: Engines;
  readonly #limits: Limits;
  readonly #closing = new AbortController();
  #held = 0;
  #bytes = 0;

  constructor(engines: Engines, limits: Limits) {
    this.#engines = engines;
    this.#limits = limits;
  }

  /** Requests that no engine has yet: what wakes the version. */
  get held(): number {
    return this.#held;
  }

  server(): Server {
    return createServer(
      { keepAliveTimeout: idle, maxHeaderSize },
      (request, response) => void this.#answer(request, response),
    );
  }

  /** Holds no request any longer; those that an engine answers come to their end. */
  close(): void {
    this.#closing.abort(new Ended('The model is asleep and what holds requests restarts. Try again.'));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    let held = false;
    let size = 0;
    const reached = () => {
      if (held) this.#held -= 1;
      held = false;
    };
    try {
      if (this.#held >= this.#limits.requests) throw new Ended(`${this.#held} requests wait for the model already.`);
      this.#held += 1;
      held = true;
      const late = AbortSignal.timeout(this.#limits.seconds * 1000);
      const signal = AbortSignal.any([gone.signal, this.#closing.signal, late]);
      const body = await this.#read(request, length => (size += length));
      for (;;) {
        const engine = await this.#engines.next(signal);
        try {
          // what an engine answers has no deadline of ours
          return await forward(request, body, engine, response, gone.signal, reached);
        } catch (error) {
          if (!(error instanceof NotReached)) throw error;
        }
        await pause(between, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    } catch (error) {
      if (!gone.signal.aborted) this.#deny(request, response, error as Error);
    } finally {
      reached();
      this.#bytes -= size;
    }
  }

  /** The pieces go with this call: a body is in the memory once while it waits. */
  async #read(request: IncomingMessage, came: (bytes: number) => void): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      came(piece.length);
      this.#bytes += piece.length;
      if (this.#bytes > this.#limits.bytes) throw new Ended('The requests that wait for the model are too large.');
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  }

  /** An error as the OpenAI API gives it, with which its clients try again; see `errorBody` of the gateway. */
  #deny(request: IncomingMessage, response: ServerResponse, error: Error): void {
    // the client sees that the answer broke off
    if (response.headersSent) return void response.destroy();
    const late = error.name === 'TimeoutError';
    const own = late || error instanceof Ended;
    const [status, code, message] = own
      ? [503, 'service_unavailable', late ? `The model did not start in ${this.#limits.seconds} s.` : error.message]
      : [502, 'bad_gateway', 'The model gave no valid answer. Try again.'];
    const id = request.headers['x-request-id'] ?? null;
    // what is left of the body is not read
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(own ? { 'retry-after': String(retryAfter) } : {}),
      ...(request.complete ? {} : { connection: 'close' }),
    });
    response.end(JSON.stringify({ error: { message, type: 'server_error', param: null, code, request_id: id } }));
  }
}

/**
 * What the cluster asks: KEDA how many requests wait, the kubelet whether requests may come here. They may while no engine is ready; with one they go there, and
 * this pod is no endpoint.
 */
export function statusServer(activator: Activator, engines: Engines, synced: () => boolean): Server {
  return createServer((request, response) => {
    if (request.url === '/waiting') {
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify({ waiting: activator.held }));
    }
    response.statusCode = request.url !== '/ready' ? 404 : synced() && !engines.ready ? 200 : 503;
    return response.end();
  });
}
