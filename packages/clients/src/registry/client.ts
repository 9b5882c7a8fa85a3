import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { Repository } from './address.ts';
import { openAuthorization } from './authorization.ts';
import type { RegistryCredentials } from './authorization.ts';
import { connectionLost } from './connection-lost.ts';
import { refused } from './refusal.ts';
import { attempts, isWorthWaiting, untilNext } from './wait.ts';

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

/** Speaks the OCI distribution protocol with one repository. */
export interface RegistryClient {
  readonly repository: Repository;
  send(request: RegistryRequest): Promise<Response>;
}

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
          await untilNext(attempt, within);
          continue;
        }
        throw connectionLost(what, repository.host, error, reasonOf('registry.silent', { host: repository.host }));
      }
      if (request.expect.includes(response.status)) return response;
      // who is asked to slow down was not heard, whatever the method
      const again = response.status === 429 || (repeat && response.status >= 500);
      if (again && isWorthWaiting(response, attempt)) {
        await response.body?.cancel();
        await untilNext(attempt, within, response);
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
