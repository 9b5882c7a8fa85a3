import { setTimeout as sleep } from 'node:timers/promises';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { Repository } from './address.ts';
import { openAuthorization } from './authorization.ts';
import type { RegistryCredentials } from './authorization.ts';

export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** Below /v2/<name>/, empty for /v2/ itself, or an absolute URL that the registry gave. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A function gives the bytes of a body that is read as it goes up, from its beginning each time. */
  readonly body?: Uint8Array | string | (() => AsyncIterable<Uint8Array>);
  /** Statuses that are answers; any other is an error. */
  readonly expect: readonly number[];
  /** Milliseconds for the whole exchange; default 30000, with a body 600000. */
  readonly timeout?: number;
  /** False leaves it to the caller to go on after a lost connection: ConnectionLost is thrown. Default true but for POST. */
  readonly repeat?: boolean;
  /** Ends this request alone; that of the client ends all. */
  readonly signal?: AbortSignal;
}

/** The connection broke before an answer came. */
export class ConnectionLost extends ToolError {}

/** Speaks the OCI distribution protocol with one repository. */
export interface RegistryClient {
  readonly repository: Repository;
  send(request: RegistryRequest): Promise<Response>;
}

const attempts = 4;

/** Longest that a registry may ask a client to wait, in seconds; with more it is an error that says so. */
const longestWait = 120;

/** Opens a repository. Nothing is sent yet; credentials go out only after the registry asked for them. */
export function openRepository(
  repository: Repository,
  credentials: RegistryCredentials,
  signal: AbortSignal,
): RegistryClient {
  const authorization = openAuthorization(repository, credentials, signal, (what, response) =>
    refused(repository, credentials, false, what, response),
  );

  // credentials are the registry's alone: an upload address on another host does not get them
  const headerFor = async (url: string) =>
    url.startsWith(`${repository.origin}/`) ? authorization.header() : undefined;
  const withinOf = (request: RegistryRequest) => (request.signal ? AbortSignal.any([signal, request.signal]) : signal);
  const once = (url: string, request: RegistryRequest, header: string | undefined): Promise<Response> => {
    const limit = AbortSignal.timeout(request.timeout ?? (request.body ? 600_000 : 30_000));
    return fetch(url, {
      method: request.method,
      // what is compressed on the way has another length, and a layer that is compressed itself would be unpacked
      headers: {
        'accept-encoding': 'identity',
        ...request.headers,
        ...(header === undefined ? {} : { authorization: header }),
      },
      ...bodyOf(request),
      signal: AbortSignal.any([withinOf(request), limit]),
    });
  };

  const send = async (request: RegistryRequest): Promise<Response> => {
    const url = request.path.startsWith('http')
      ? request.path
      : `${repository.origin}/v2/${request.path === '' ? '' : `${repository.name}/${request.path}`}`;
    const what = `${request.method} ${url}`;
    const repeat = request.repeat ?? request.method !== 'POST';
    const within = withinOf(request);
    let challenged = false;
    for (let attempt = 1; ; attempt++) {
      let response: Response;
      try {
        const header = await headerFor(url);
        response = await once(url, request, header);
        // a token ends, and a push asks for more than the pull before it
        if (response.status === 401 && !challenged && !request.expect.includes(401)) {
          challenged = true;
          if (await authorization.challenged(response, request.method, header)) {
            await response.body?.cancel();
            response = await once(url, request, await headerFor(url));
          }
        }
      } catch (error) {
        within.throwIfAborted();
        if (error instanceof ToolError) throw error;
        if (repeat && attempt < attempts) {
          await pause(attempt, within);
          continue;
        }
        throw unreachable(repository, what, error);
      }
      if (request.expect.includes(response.status)) return response;
      const wait = retryAfter(response);
      // who is asked to slow down was not heard, whatever the method
      const again = response.status === 429 || (repeat && response.status >= 500);
      if (again && attempt < attempts && (wait ?? 0) <= longestWait) {
        await response.body?.cancel();
        if (wait === undefined) await pause(attempt, within);
        else await sleep(wait * 1000, undefined, { signal: within });
        continue;
      }
      throw await refused(repository, credentials, authorization.known, what, response);
    }
  };
  return { repository, send };
}

function bodyOf({ body }: RegistryRequest): RequestInit {
  // Such a body has no length before it ends, and goes up while it is read. It cannot follow a redirect, and fetch holds a copy of all of it for one
  // unless the request may have none (Fetch, HTTP-network-or-cache fetch, step 3).
  if (typeof body === 'function')
    return { body: ReadableStream.from(body()), duplex: 'half', redirect: 'error', window: null } as RequestInit;
  return { body: body as RequestInit['body'] };
}

/** Seconds that the registry asks to wait: RFC 9110 has them as a number or as a date. */
function retryAfter(response: Response): number | undefined {
  const text = response.headers.get('retry-after')?.trim();
  if (!text) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

// full jitter: clients that failed together do not come back together
function pause(attempt: number, signal: AbortSignal): Promise<void> {
  return sleep(Math.random() * 250 * 2 ** attempt, undefined, { signal });
}

function unreachable(repository: Repository, what: string, error: unknown): ConnectionLost {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code;
  const text = cause instanceof Error ? cause.message : String(cause);
  const advice = /certificate|CERT/i.test(`${code} ${text}`)
    ? reasonOf('registry.certificate', { host: repository.host })
    : reasonOf('registry.silent', { host: repository.host });
  return new ConnectionLost('registry', what, code, text, advice);
}

async function refused(
  repository: Repository,
  { username }: RegistryCredentials,
  known: boolean,
  what: string,
  response: Response,
): Promise<ToolError> {
  const text = (await response.text()).slice(0, 1000);
  const host = repository.host;
  const who = username === undefined ? reasonOf('registry.nobody') : reasonOf('registry.user', { username });
  const after = response.headers.get('retry-after');
  const denied = reasonOf('registry.denied', { host, who, repository: repository.name });
  const advice: Record<number, Reason> = {
    401: known
      ? denied
      : username === undefined
        ? reasonOf('registry.noLogin', { host })
        : reasonOf('registry.badLogin', { host, who }),
    403: denied,
    404: reasonOf('registry.absent', { host, repository: repository.name }),
    429: after ? reasonOf('registry.limited', { host, seconds: after }) : reasonOf('registry.limitedLater', { host }),
  };
  const message = registryMessage(text);
  return new ToolError('registry', what, response.status, message, immutable(what, message) ?? advice[response.status]);
}

/** Registries differ in the status and not in the word. */
function immutable(what: string, message: string): Reason | undefined {
  const tag = /\/manifests\/([^/]+)$/.exec(what)?.[1];
  if (tag === undefined || !/immutable/i.test(message)) return undefined;
  return tag.startsWith('sha256-')
    ? reasonOf('registry.noReferrers', { tag })
    : reasonOf('registry.immutable', { tag });
}

function registryMessage(text: string): string {
  try {
    const { errors } = JSON.parse(text) as { errors?: readonly { code?: string; message?: string }[] };
    return (errors ?? []).map(error => `${error.code ?? ''} ${error.message ?? ''}`.trim()).join('; ');
  } catch {
    // not every registry answers in JSON: its own words are shown then
    return text;
  }
}
