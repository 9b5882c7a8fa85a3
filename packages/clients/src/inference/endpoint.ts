import { Connections } from './connections.ts';
import type { AnswerHeaders } from './connections.ts';
import { apiPath, requestBody } from './request.ts';
import type { ChatRequest, InferenceApi } from './request.ts';
import { givenUp } from './answer.ts';
import { beginsAsEvents, StreamReader } from './stream.ts';
import type { InferenceOutcome, StreamError } from './stream.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Milliseconds until the call is given up; default 30000. */
  readonly timeout?: number;
}

/** How the end of a stream is recognised: by `[DONE]`, by `[DONE]` or a finish reason, or by its end alone. */
export type StreamEnd = 'done' | 'finish' | 'any';

export interface ExchangeRequest {
  readonly api: InferenceApi;
  /** JSON, as requestBody makes it. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds until it is given up. */
  readonly timeout: number;
  readonly end: StreamEnd;
  /** Whether the outcome holds the text of the answer. */
  readonly wantsText: boolean;
  /** Bytes of the answer after which it is given up; default: as many as come. */
  readonly maxBytes?: number;
}

export interface Exchange {
  /** Never rejects for what the other side does: the outcome says it. */
  readonly outcome: Promise<InferenceOutcome>;
  /** Ends it now; what arrived is in the outcome. */
  cancel(): void;
  /** When the first token of a stream came; undefined until then. */
  firstTokenAt(): number | undefined;
}

/** An OpenAI-compatible service behind one address; connections are kept open between calls. */
export interface InferenceEndpoint {
  readonly url: string;
  /** A plain call; rejects only when there is no answer at all. */
  call(method: string, path: string, body: string | undefined, options?: CallOptions): Promise<Answer>;
  /** Streams a chat completion. Never rejects for what the other side does: the outcome says it. */
  streamChat(
    request: ChatRequest,
    options?: CallOptions & { readonly expectDone?: boolean },
  ): Promise<InferenceOutcome>;
  /** One request of any of the APIs, streamed or not. */
  exchange(request: ExchangeRequest): Exchange;
  /**
   * Opens connections, so that the first measured requests do not pay for them.
   * @param host the `host` header of those requests, default that of the address
   */
  warm(connections: number, signal?: AbortSignal, host?: string): Promise<void>;
  close(): void;
}

export interface EndpointOptions {
  /** Milliseconds on a clock that never goes back; default performance.now. */
  readonly now?: () => number;
}

/** @param url base address without /v1, such as http://127.0.0.1:8080 */
export function openInference(url: string, options: EndpointOptions = {}): InferenceEndpoint {
  const base = url.replace(/\/$/, '');
  const now = options.now ?? (() => performance.now());
  const connections = new Connections(base, now);

  const endpoint: InferenceEndpoint = {
    url: base,
    call(method, path, body, call = {}) {
      return new Promise((resolve, reject) => {
        const deadline = limit(call);
        if (deadline.aborted) return reject(deadline.reason);
        let status = 0;
        let headers: AnswerHeaders = {};
        let received = '';
        const cancel = connections.send(
          { method, path, headers: call.headers ?? {}, body },
          {
            head: (code, fields) => {
              status = code;
              headers = fields;
            },
            body: bytes => (received += bytes),
            end: () => resolve({ status, headers, body: Buffer.from(received, 'latin1').toString('utf8') }),
            broke: reject,
          },
        );
        deadline.addEventListener('abort', () => {
          cancel();
          reject(deadline.reason);
        });
      });
    },
    async streamChat(chat, call = {}) {
      call.signal?.throwIfAborted();
      const { model, prompt, maxTokens, usage } = chat;
      const { outcome, cancel } = endpoint.exchange({
        api: 'chat',
        body: requestBody({
          api: 'chat',
          model,
          messages: [{ role: 'user', content: prompt }],
          maxTokens,
          stream: true,
          usage,
        }),
        headers: call.headers ?? {},
        timeout: call.timeout ?? 30_000,
        end: (call.expectDone ?? true) ? 'done' : 'any',
        wantsText: true,
      });
      // a signal of many calls at once must not gather a listener of each
      const signal = call.signal && AbortSignal.any([call.signal]);
      signal?.addEventListener('abort', cancel);
      const result = await outcome;
      signal?.removeEventListener('abort', cancel);
      call.signal?.throwIfAborted();
      return result;
    },
    exchange(request) {
      let cancel = () => {};
      const reader = new StreamReader(request.wantsText);
      const outcome = new Promise<InferenceOutcome>(resolve => {
        const sentAt = now();
        let status: number | undefined;
        let headers: AnswerHeaders = {};
        let headersAt: number | undefined;
        let streamed = false;
        let received = 0;
        const finish = (broken: StreamError | undefined, cancelled = false) => {
          clearTimeout(deadline);
          const endedAt = now();
          if (!streamed || !broken) reader.endWhole(endedAt);
          resolve({
            status,
            headers,
            sentAt,
            headersAt,
            tokensAt: reader.tokensAt,
            endedAt,
            text: reader.text,
            answer: reader.answer,
            done: reader.done,
            completionTokens:
              streamed || reader.usage.completionTokens ? reader.completionTokens : reader.usage.completionTokens,
            hiddenTokens: reader.hiddenTokens,
            mostTokens: reader.mostTokens,
            error: cancelled ? undefined : (broken ?? judge(status, headers['content-encoding'], reader, request.end)),
            streamed,
            usage: reader.usage,
            finishReason: reader.finishReason,
            pieceIsToken: streamed && reader.pieceIsToken,
            cancelled,
          });
        };
        const abandon = connections.send(
          { method: 'POST', path: apiPath[request.api], headers: request.headers, body: request.body },
          {
            head(code, fields, at) {
              headersAt = at;
              status = code;
              headers = fields;
              streamed = code < 400 && /event-stream/i.test(fields['content-type'] ?? '');
            },
            body(bytes, at) {
              // some servers, and what stands before them, name another type
              if (received === 0 && status! < 400) streamed ||= beginsAsEvents(bytes);
              received += bytes.length;
              if (received > (request.maxBytes ?? Infinity)) {
                abandon();
                return finish({ kind: 'format', detail: `more than ${request.maxBytes} bytes` });
              }
              if (streamed) reader.feed(bytes, at);
              else reader.collect(bytes);
            },
            end: () => finish(undefined),
            broke: error => finish({ kind: 'connection', detail: error.code ?? error.message }),
          },
        );
        const deadline = setTimeout(() => {
          abandon();
          finish({ kind: 'timeout', detail: `no end within ${request.timeout / 1000} s` });
        }, request.timeout);
        cancel = () => {
          abandon();
          finish(undefined, true);
        };
      });
      return { outcome, cancel, firstTokenAt: () => reader.tokensAt[0] };
    },
    async warm(count, signal, host) {
      signal?.throwIfAborted();
      await connections.open(count, host);
    },
    close: () => connections.close(),
  };
  return endpoint;
}

function limit(call: CallOptions): AbortSignal {
  const timeout = AbortSignal.timeout(call.timeout ?? 30_000);
  return call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
}

function judge(
  status: number | undefined,
  coding: string | undefined,
  reader: StreamReader,
  end: StreamEnd,
): StreamError | undefined {
  const compressed = coding !== undefined && coding !== 'identity';
  const said = compressed ? `: a body that is compressed (${coding})` : reader.raw ? `: ${quoted(reader.raw)}` : '';
  if (status === undefined || status < 200 || status > 299) return { kind: 'status', detail: `HTTP ${status}${said}` };
  if (compressed)
    return {
      kind: 'format',
      detail: `the answer is compressed (${coding}), though the request asks for none, and hides when its tokens come: turn compression off before the server`,
    };
  if (reader.error) return reader.error;
  // such an answer ends as if it were whole, with [DONE]
  if (givenUp.includes(reader.finishReason ?? ''))
    return { kind: 'truncated', detail: `the engine aborted the answer after ${reader.tokensAt.length} tokens` };
  const ended = reader.done || end === 'any' || (end === 'finish' && reader.finishReason !== undefined);
  const tokens = reader.tokensAt.length;
  if (!ended) {
    return {
      kind: 'truncated',
      detail: `the stream ended after ${tokens} tokens without [DONE]${tokens === 0 ? said : ''}`,
    };
  }
  if (tokens === 0 && reader.hiddenTokens > 0)
    return {
      kind: 'empty',
      detail: `the answer holds no token but ${reader.hiddenTokens} of reasoning that the server does not send: ask for longer answers, or less reasoning`,
    };
  if (tokens === 0) return { kind: 'empty', detail: `the answer holds no token${said}` };
  return undefined;
}

/** Of a page that a proxy or a login shows, its title. */
function quoted(raw: string): string {
  if (!/^<(!doctype|html)/i.test(raw)) return raw.slice(0, 500);
  const title = /<title[^>]*>([^<]*)/i.exec(raw)?.[1]?.trim();
  return title ? `a page of HTML titled ${title.slice(0, 200)}` : 'a page of HTML';
}
