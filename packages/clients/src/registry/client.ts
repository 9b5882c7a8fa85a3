import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../tool-error.ts';
import type { Repository } from './address.ts';
import { parseChallenge } from './challenge.ts';

export interface RegistryCredentials {
  readonly username?: string;
  readonly password?: string;
}

export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST';
  /** Below /v2/<name>/, or an absolute URL that the registry gave. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Statuses that are answers; any other is an error. */
  readonly expect: readonly number[];
  /** Milliseconds for the whole exchange; default 30000, with a body 600000. */
  readonly timeout?: number;
}

/** Speaks the OCI distribution protocol with one repository. */
export interface RegistryClient {
  readonly repository: Repository;
  send(request: RegistryRequest): Promise<Response>;
}

const attempts = 4;

/** Opens a repository. Nothing is sent yet; credentials go out only after the registry asked for them. */
export function openRepository(
  repository: Repository,
  credentials: RegistryCredentials,
  signal: AbortSignal,
): RegistryClient {
  let authorization: string | undefined;

  const once = (url: string, request: RegistryRequest): Promise<Response> =>
    fetch(url, {
      method: request.method,
      // credentials are the registry's alone: an upload address on another host does not get them
      headers: {
        ...request.headers,
        ...(authorization && url.startsWith(`${repository.origin}/`) ? { authorization } : {}),
      },
      body: request.body as RequestInit['body'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(request.timeout ?? (request.body ? 600_000 : 30_000))]),
    });

  const send = async (request: RegistryRequest): Promise<Response> => {
    const url = request.path.startsWith('http')
      ? request.path
      : `${repository.origin}/v2/${repository.name}/${request.path}`;
    const what = `${request.method} ${url}`;
    const safe = request.method !== 'POST';
    for (let attempt = 1; ; attempt++) {
      let response: Response;
      try {
        response = await once(url, request);
        if (response.status === 401 && authorization === undefined) {
          authorization = await authorize(repository, credentials, response, request.method, signal);
          if (authorization) {
            await response.body?.cancel();
            response = await once(url, request);
          }
        }
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof ToolError) throw error;
        if (safe && attempt < attempts) {
          await pause(attempt, signal);
          continue;
        }
        throw unreachable(repository, what, error);
      }
      if (request.expect.includes(response.status)) return response;
      if (safe && attempt < attempts && (response.status === 429 || response.status >= 500)) {
        await response.body?.cancel();
        await pause(attempt, signal);
        continue;
      }
      throw await refused(repository, credentials, what, response);
    }
  };
  return { repository, send };
}

// full jitter: clients that failed together do not come back together
function pause(attempt: number, signal: AbortSignal): Promise<void> {
  return sleep(Math.random() * 250 * 2 ** attempt, undefined, { signal });
}

async function authorize(
  repository: Repository,
  { username, password }: RegistryCredentials,
  response: Response,
  method: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const challenge = parseChallenge(response.headers.get('www-authenticate'));
  const basic =
    username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
  if (challenge?.scheme !== 'bearer') return challenge && basic;
  const url = new URL(challenge.realm);
  // a token service on plain HTTP is only believed of a registry that is itself on plain HTTP
  if (url.protocol !== 'https:' && repository.origin.startsWith('https:')) {
    throw new ToolError(
      'registry',
      `GET ${url.origin}`,
      undefined,
      `${repository.host} sends clients for tokens to an address without TLS.`,
    );
  }
  if (challenge.service) url.searchParams.set('service', challenge.service);
  const action = method === 'GET' || method === 'HEAD' ? 'pull' : 'pull,push';
  url.searchParams.set('scope', challenge.scope ?? `repository:${repository.name}:${action}`);
  const answer = await fetch(url, {
    headers: basic ? { authorization: basic } : {},
    signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
  });
  if (!answer.ok) throw await refused(repository, { username }, `GET ${url.origin}${url.pathname}`, answer);
  const { token, access_token: accessToken } = (await answer.json()) as { token?: string; access_token?: string };
  return `Bearer ${token ?? accessToken ?? ''}`;
}

function unreachable(repository: Repository, what: string, error: unknown): ToolError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code;
  const text = cause instanceof Error ? cause.message : String(cause);
  const advice = /certificate|CERT/i.test(`${code} ${text}`)
    ? `The certificate of ${repository.host} is not trusted here: give its authority to Node with NODE_EXTRA_CA_CERTS.`
    : `The registry ${repository.host} cannot be reached: check its address and that it runs.`;
  return new ToolError('registry', what, code, text, advice);
}

async function refused(
  repository: Repository,
  { username }: RegistryCredentials,
  what: string,
  response: Response,
): Promise<ToolError> {
  const text = (await response.text()).slice(0, 1000);
  const who = username === undefined ? 'no user' : `the user "${username}"`;
  const advice: Record<number, string> = {
    401:
      username === undefined
        ? `The registry ${repository.host} asks for credentials and none were given: set username and password.`
        : `The registry ${repository.host} does not accept the credentials of ${who}: check username and password.`,
    403: `The registry ${repository.host} knows ${who} but does not let it do this: ask for push rights on ${repository.name}.`,
    404: `The registry ${repository.host} has no such thing in ${repository.name}: check the repository's name, and whether the registry makes repositories by itself.`,
    429: `The registry ${repository.host} asks to slow down: try again later.`,
  };
  return new ToolError('registry', what, response.status, registryMessage(text), advice[response.status]);
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
