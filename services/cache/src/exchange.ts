import { isDeterministic } from './deterministic.ts';
import { headerValues, setHeaders } from './messages.ts';
import type { ProcessingRequest, ProcessingResponse } from './messages.ts';
import { keyOf, placeOf, revisionHeader } from './place.ts';
import type { Place } from './place.ts';
import type { Exchange } from './processor.ts';
import type { Answers } from './store.ts';
import { isWholeAnswer } from './whole-answer.ts';

/** Of what came of the requests. */
export interface Counts {
  hit: number;
  miss: number;
  stored: number;
  /** Requests that may be answered differently each time, or asked for the engine. */
  bypassed: number;
}

const cacheHeader = 'x-fairway-cache';
const streamed = 1;
const sendHeaders = 1;
/** Bytes of all copies of answers that are on their way; over it no further ones are copied. */
const copiesLimit = 64 * 2 ** 20;
let copies = 0;

interface Miss {
  readonly key: string;
  readonly place: Place;
  type: string;
  version: string;
  pieces: Uint8Array[];
  bytes: number;
}

/** One request through the gateway and its answer, as Envoy reports them part by part. */
export class CachedExchange implements Exchange {
  readonly #answers: Answers;
  readonly #counts: Counts;
  #place: Place | undefined;
  #path = '';
  #miss: Miss | undefined;

  constructor(answers: Answers, counts: Counts) {
    this.#answers = answers;
    this.#counts = counts;
  }

  async answer(request: ProcessingRequest): Promise<ProcessingResponse> {
    if (request.requestHeaders) {
      const headers = headerValues(request.requestHeaders);
      this.#path = (headers[':path'] ?? '').split('?')[0]!;
      this.#place = placeOf(headers, request.metadataContext?.filterMetadata ?? {});
      return { requestHeaders: {} };
    }
    if (request.requestBody) return this.#lookUp(request.requestBody);
    if (request.responseHeaders) return this.#beginCopy(headerValues(request.responseHeaders));
    if (request.responseBody) return this.#copy(request.responseBody);
    return request.requestTrailers ? { requestTrailers: {} } : { responseTrailers: {} };
  }

  /** The exchange is over, whether or not the answer came to its end. */
  end(): void {
    this.#drop();
  }

  async #lookUp({ body, endOfStream }: NonNullable<ProcessingRequest['requestBody']>): Promise<ProcessingResponse> {
    const passes: ProcessingResponse = { requestBody: {} };
    const content = Buffer.from(body ?? []);
    // a body that is longer than the gateway holds comes in part
    if (!this.#place || !endOfStream || !isDeterministic(this.#path, content)) {
      this.#counts.bypassed += 1;
      return passes;
    }
    const key = keyOf(this.#place, this.#path, content);
    const stored = await this.#answers.get(key);
    if (!stored) {
      this.#counts.miss += 1;
      this.#miss = { key, place: this.#place, type: '', version: '', pieces: [], bytes: 0 };
      return passes;
    }
    this.#counts.hit += 1;
    return {
      immediateResponse: {
        status: { code: 200 },
        headers: setHeaders({ 'content-type': stored.type, [revisionHeader]: stored.version, [cacheHeader]: 'hit' }),
        body: stored.body,
        details: 'fairway_cache_hit',
      },
    };
  }

  #beginCopy(headers: Readonly<Record<string, string>>): ProcessingResponse {
    if (!this.#miss) return { responseHeaders: {} };
    const marked = { response: { headerMutation: setHeaders({ [cacheHeader]: 'miss' }) } };
    const { ':status': status, 'content-type': type = '', 'content-encoding': encoding = 'identity' } = headers;
    const version = headers[revisionHeader];
    const { place } = this.#miss;
    // an error is never stored, nor what no version says it gave, nor what another gave because users moved meanwhile
    if (status !== '200' || encoding !== 'identity' || version !== place.version || copies > copiesLimit) {
      this.#miss = undefined;
      return { responseHeaders: marked };
    }
    Object.assign(this.#miss, { type, version });
    return {
      responseHeaders: marked,
      modeOverride: { responseHeaderMode: sendHeaders, responseBodyMode: streamed },
    };
  }

  #copy({ body, endOfStream }: NonNullable<ProcessingRequest['responseBody']>): ProcessingResponse {
    const passes: ProcessingResponse = { responseBody: {} };
    const miss = this.#miss;
    if (!miss) return passes;
    if (body?.length) {
      miss.pieces.push(body);
      miss.bytes += body.length;
      copies += body.length;
    }
    // many answers that began together may have become too much together
    if (miss.bytes > miss.place.maxBytes || copies > copiesLimit) this.#drop();
    else if (endOfStream) {
      const { key, place, type, version } = miss;
      const whole = Buffer.concat(miss.pieces);
      this.#drop();
      if (isWholeAnswer(type, whole)) {
        this.#counts.stored += 1;
        // the answer does not wait for it
        void this.#answers.put(key, { type, version, body: whole }, place.ttl);
      }
    }
    return passes;
  }

  #drop(): void {
    copies -= this.#miss?.bytes ?? 0;
    this.#miss = undefined;
  }
}
