import { setTimeout as sleep } from 'node:timers/promises';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { splitLogin } from './address.ts';
import { sendOverTls } from './tls-request.ts';
import type { Tls } from './tls-request.ts';
import { ToolError } from './tool-error.ts';

/** A request before what lets it in is known. */
export interface Unauthorized {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpRequest {
  /** How the user knows the system: "prometheus", "token endpoint". */
  readonly tool: string;
  /** A login in it is sent as header, and never shown. */
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
  readonly signal?: AbortSignal;
  /** Milliseconds for one attempt; default 10000. */
  readonly timeout?: number;
  /** How often in all; default 3 for GET, else 1. Only lost connections and 429, 502, 503, 504 are tried again. */
  readonly attempts?: number;
  /** Certificates for an https address, in the place of what Node trusts and has. */
  readonly tls?: Tls;
  /**
   * Makes what lets an attempt in where that does not stay the same: headers, and the address where it has to be written in another way.
   * `renew` says that the last was denied, which is then tried once more.
   */
  readonly authorize?: (
    asked: Unauthorized,
    renew: boolean,
  ) => Promise<{ readonly url?: string; readonly headers: Readonly<Record<string, string>> }>;
  /** One sentence for the error when the request fails. */
  readonly advice?: Reason | string;
}

/**
 * Sends a short request and gives the answer's text.
 * @throws ToolError for no answer and for a status of 400 and over; headers and request bodies are never part of it
 */
export async function send(request: HttpRequest): Promise<string> {
  const method = request.method ?? 'GET';
  const { url, headers } = splitLogin(request.url);
  const attempts = request.attempts ?? (method === 'GET' ? 3 : 1);
  let denied = false;
  for (let attempt = 1; ; attempt++) {
    let refused: ToolError | undefined;
    const asked = { method, url, headers: request.headers, body: request.body?.toString() };
    const access = await request.authorize?.(asked, denied);
    const timeout = AbortSignal.timeout(request.timeout ?? 10_000);
    try {
      const sent = {
        method,
        headers: { ...headers, ...request.headers, ...access?.headers },
        body: request.body,
        signal: request.signal ? AbortSignal.any([request.signal, timeout]) : timeout,
      };
      const to = access?.url ?? url;
      const answer = await (request.tls ? sendOverTls(to, sent, request.tls) : fetch(to, sent));
      const text = await answer.text();
      if (answer.ok) return text;
      refused = new ToolError(request.tool, `${method} ${url}`, answer.status, text.slice(0, 1000), request.advice);
      if (access && !denied && [401, 403].includes(answer.status)) {
        denied = true;
        // what was denied did nothing, so that this is no attempt
        attempt--;
        continue;
      }
      if (![429, 502, 503, 504].includes(answer.status) || attempt === attempts) throw refused;
    } catch (error) {
      if (error === refused || request.signal?.aborted) throw error;
      if (attempt === attempts) throw noAnswer(request, `${method} ${url}`, error as Error, timeout.aborted);
    }
    await sleep(200 * 2 ** attempt * (0.5 + Math.random()), undefined, { signal: request.signal });
  }
}

function noAnswer(request: HttpRequest, asked: string, error: Error, late: boolean): ToolError {
  // fetch hides what happened to the connection in the cause
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  const text = late
    ? reasonOf('tool.late', { seconds: (request.timeout ?? 10_000) / 1000 })
    : cause?.message || error.message;
  return new ToolError(request.tool, asked, cause?.code, text, request.advice);
}
