import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { Repository } from './address.ts';
import { parseChallenge } from './challenge.ts';
import type { Challenge } from './challenge.ts';
import { connectionLost } from './connection-lost.ts';
import { attempts, isWorthWaiting, untilNext } from './wait.ts';

export interface RegistryCredentials {
  readonly username?: string;
  readonly password?: string;
  /** A refresh token, as a login to a registry of Azure or Docker's configuration (`identitytoken`) has it, in place of a password. */
  readonly identityToken?: string;
}

/** The `Authorization` header of one repository: asked for when the registry wants it, and renewed before it ends. */
export interface Authorization {
  /** What to send; undefined while the registry has not asked. */
  header(): Promise<string | undefined>;
  /**
   * Reads what the registry asks for. False when the credentials were refused: asking again gives the same.
   * @param sent the header of the request that was answered so; others may have been answered meanwhile
   */
  challenged(response: Response, method: string, sent: string | undefined): Promise<boolean>;
  /** Whether the token service knew the user: who is denied then has too few rights, and no wrong password. */
  readonly known: boolean;
}

/** Refuses an answer of the token service in the words of the client. */
export type Refuse = (what: string, response: Response) => Promise<ToolError>;

// the distribution specification: a token service that does not say how long a token lasts means 60 s
const leastSeconds = 60;
// a request that begins now must still be let in when its body has arrived
const marginSeconds = 10;

export function openAuthorization(
  repository: Repository,
  credentials: RegistryCredentials,
  signal: AbortSignal,
  refuse: Refuse,
): Authorization {
  const { username, password } = credentials;
  const basic =
    username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
  /** Everything that the registry asked for so far, so that a token for pushing is not given away for one for pulling. */
  const scopes = new Set<string>();
  let bearer: Extract<Challenge, { scheme: 'bearer' }> | undefined;
  let current: { readonly header: string; readonly until: number } | undefined;

  const renew = async (): Promise<string | undefined> => {
    if (!bearer) return current?.header;
    const { token, seconds } = await fetchToken(repository, credentials, basic, bearer, scopes, signal, refuse);
    current = { header: `Bearer ${token}`, until: Date.now() + (seconds - marginSeconds) * 1000 };
    return current.header;
  };
  return {
    get known() {
      return bearer !== undefined && current !== undefined && (basic ?? credentials.identityToken) !== undefined;
    },
    async header() {
      return current && Date.now() < current.until ? current.header : renew();
    },
    async challenged(response, method, sent) {
      const challenge = parseChallenge(response.headers.get('www-authenticate'));
      if (challenge?.scheme === 'basic') {
        if (!basic || sent === basic) return false;
        current = { header: basic, until: Infinity };
        return true;
      }
      if (!challenge) return false;
      const action = method === 'GET' || method === 'HEAD' ? 'pull' : 'pull,push';
      bearer = challenge;
      // who mounts a blob of another repository is asked for the right to pull there too
      const asked = challenge.scope ?? `repository:${repository.name}:${action}`;
      for (const scope of asked.split(' ').filter(Boolean)) scopes.add(scope);
      await renew();
      return true;
    },
  };
}

async function fetchToken(
  repository: Repository,
  { identityToken, username }: RegistryCredentials,
  basic: string | undefined,
  challenge: { readonly realm: string; readonly service?: string },
  scopes: ReadonlySet<string>,
  signal: AbortSignal,
  refuse: Refuse,
): Promise<{ readonly token: string; readonly seconds: number }> {
  const url = new URL(challenge.realm, repository.origin);
  // a token service on plain HTTP is only believed of a registry that is itself on plain HTTP
  if (url.protocol !== 'https:' && repository.origin.startsWith('https:')) {
    throw new ToolError(
      'registry',
      `GET ${url.origin}`,
      undefined,
      `${repository.host} sends clients for tokens to an address without TLS.`,
    );
  }
  const service: Record<string, string> = challenge.service === undefined ? {} : { service: challenge.service };
  const what = `${identityToken === undefined ? 'GET' : 'POST'} ${url.origin}${url.pathname}`;
  const ask = async (): Promise<Response> => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(30_000)]);
    if (identityToken === undefined) {
      for (const [name, value] of Object.entries(service)) url.searchParams.set(name, value);
      url.searchParams.delete('scope');
      for (const scope of scopes) url.searchParams.append('scope', scope);
      return fetch(url, { headers: basic ? { authorization: basic } : {}, signal: within });
    }
    const fields = { grant_type: 'refresh_token', client_id: 'fairway', refresh_token: identityToken, ...service };
    const body = new URLSearchParams({ ...fields, scope: [...scopes].join(' ') });
    return fetch(url, { method: 'POST', body, signal: within });
  };
  const answer = await untilAnswered(url, what, ask, signal);
  if (!answer.ok) throw await refuse(what, answer);
  const found = (await answer.json().catch(() => undefined)) as
    { token?: string; access_token?: string; expires_in?: number } | undefined;
  if (!found) throw new ToolError('registry', what, answer.status, 'the token service did not answer in JSON.');
  const token = found.token || found.access_token;
  const who = username === undefined ? 'no user' : `the user "${username}"`;
  if (!token) throw new ToolError('registry', what, answer.status, `the token service gave ${who} no token.`);
  return { token, seconds: Math.max(found.expires_in ?? leastSeconds, leastSeconds) };
}

/** A push of an hour asks for some ten tokens: one that a restart or a limit of requests denies must not end it. */
async function untilAnswered(
  { host }: URL,
  what: string,
  ask: () => Promise<Response>,
  signal: AbortSignal,
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    let answer: Response;
    try {
      answer = await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (attempt === attempts) throw connectionLost(what, host, error, reasonOf('registry.noTokens', { host }));
      await untilNext(attempt, signal);
      continue;
    }
    if (answer.status < 500 && answer.status !== 429) return answer;
    if (!isWorthWaiting(answer, attempt)) return answer;
    await answer.body?.cancel();
    await untilNext(attempt, signal, answer);
  }
}
