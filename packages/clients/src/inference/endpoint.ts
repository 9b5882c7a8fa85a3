import http from 'node:http';
import https from 'node:https';
import { chatBody, StreamReader } from './stream.ts';
import type { ChatRequest, StreamError, StreamOutcome } from './stream.ts';

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

/** An OpenAI-compatible service behind one address; connections are kept open between calls. */
export interface InferenceEndpoint {
  readonly url: string;
  /** A plain call; rejects only when there is no answer at all. */
  call(method: string, path: string, body: string | undefined, options?: CallOptions): Promise<Answer>;
  /** Streams a chat completion. Never rejects for what the other side does: the outcome says it. */
  streamChat(request: ChatRequest, options?: CallOptions & { readonly expectDone?: boolean }): Promise<StreamOutcome>;
  /** Opens connections with requests that need no token, so that the first measured ones do not pay for it. */
  warm(connections: number, signal?: AbortSignal): Promise<void>;
  close(): void;
}

export interface EndpointOptions {
  /** Milliseconds on a clock that never goes back; default performance.now. */
  readonly now?: () => number;
  /** Sockets at once; default no limit. */
  readonly maxConnections?: number;
}

/** @param url base address without /v1, such as http://127.0.0.1:8080 */
export function openInference(url: string, options: EndpointOptions = {}): InferenceEndpoint {
  const base = url.replace(/\/$/, '');
  const now = options.now ?? (() => performance.now());
  const secure = base.startsWith('https:');
  const agent = new (secure ? https : http).Agent({
    keepAlive: true,
    maxSockets: options.maxConnections,
    maxFreeSockets: options.maxConnections ?? 4096,
  });

  const start = (method: string, path: string, body: string | undefined, call: CallOptions, signal: AbortSignal) => {
    const headers: Record<string, string | number> = { ...call.headers };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = Buffer.byteLength(body);
    }
    return (secure ? https : http).request(`${base}${path}`, { method, headers, agent, signal });
  };

  const endpoint: InferenceEndpoint = {
    url: base,
    call(method, path, body, call = {}) {
      const deadline = limit(call);
      return new Promise((resolve, reject) => {
        const attempt = (again: boolean) => {
          const request = start(method, path, body, call, deadline);
          request.on('response', response => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('error', reject);
            response.on('end', () =>
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                body: Buffer.concat(chunks).toString('utf8'),
              }),
            );
          });
          request.on('error', error => (again && lostIdle(request, error) ? attempt(false) : reject(error)));
          request.end(body);
        };
        attempt(true);
      });
    },
    streamChat(chat, call = {}) {
      const deadline = limit(call);
      const body = chatBody(chat);
      return new Promise((resolve, reject) => {
        const sentAt = now();
        const attempt = (again: boolean) => {
          const reader = new StreamReader();
          let response: http.IncomingMessage | undefined;
          let headersAt: number | undefined;
          let refusal = '';
          const finish = (broken?: StreamError) => {
            const status = response?.statusCode;
            resolve({
              status,
              headers: response?.headers ?? {},
              sentAt,
              headersAt,
              tokensAt: reader.tokensAt,
              endedAt: now(),
              text: reader.text,
              done: reader.done,
              completionTokens: reader.completionTokens,
              error: broken ?? judge(status, refusal, reader, call.expectDone ?? true),
            });
          };
          const broke = (error: Error) => {
            if (call.signal?.aborted) reject(call.signal.reason);
            else if (deadline.aborted)
              finish({ kind: 'timeout', detail: `no end within ${(call.timeout ?? 30_000) / 1000} s` });
            else finish({ kind: 'connection', detail: (error as NodeJS.ErrnoException).code ?? error.message });
          };
          const request = start('POST', '/v1/chat/completions', body, call, deadline);
          request.on('response', incoming => {
            response = incoming;
            headersAt = now();
            const stream = (incoming.headers['content-type'] ?? '').includes('event-stream');
            incoming.setEncoding('utf8');
            incoming.on('data', (piece: string) => {
              if (stream) reader.feed(piece, now());
              else if (refusal.length < 500) refusal += piece;
            });
            incoming.on('end', () => finish());
            incoming.on('error', broke);
          });
          request.on('error', error => {
            if (again && !response && lostIdle(request, error)) attempt(false);
            else broke(error);
          });
          request.end(body);
        };
        attempt(true);
      });
    },
    async warm(connections, signal) {
      await Promise.all(
        Array.from({ length: connections }, () => endpoint.call('GET', '/v1/models', undefined, { signal })),
      );
    },
    close: () => agent.destroy(),
  };
  return endpoint;
}

function limit(call: CallOptions): AbortSignal {
  const timeout = AbortSignal.timeout(call.timeout ?? 30_000);
  return call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
}

/** A kept connection that the server closed just as it was used again: nothing was answered, so a new one is tried. */
function lostIdle(request: http.ClientRequest, error: NodeJS.ErrnoException): boolean {
  return request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

function judge(
  status: number | undefined,
  refusal: string,
  reader: StreamReader,
  expectDone: boolean,
): StreamError | undefined {
  if (status !== 200) return { kind: 'status', detail: `HTTP ${status}${refusal ? `: ${refusal.trim()}` : ''}` };
  if (reader.error) return reader.error;
  if (expectDone && !reader.done)
    return {
      kind: 'truncated',
      detail: `the stream ended after ${reader.tokensAt.length} tokens without [DONE]${refusal ? `: ${refusal.trim()}` : ''}`,
    };
  if (reader.tokensAt.length === 0) return { kind: 'empty', detail: 'the answer holds no token' };
  return undefined;
}
