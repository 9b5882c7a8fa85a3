import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import { send } from '../request.ts';

export interface TokenClient {
  /** The issuer's token endpoint. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Sent as `audience`: Auth0 asks for it, others ignore it. */
  readonly audience?: string;
  readonly signal?: AbortSignal;
}

export interface TokenSource {
  /** An access token with these scopes (space between), fetched again before it ends. */
  token(scope: string): Promise<string>;
}

/** Seconds before its end at which a token is fetched again. */
const margin = 30;

/** Tokens of an OAuth client by the client-credentials grant, kept until shortly before they end. */
export function tokenSource(client: TokenClient, now: () => number = Date.now): TokenSource {
  const kept = new Map<string, { readonly fetched: Promise<Token>; until: number }>();
  return {
    async token(scope) {
      const known = kept.get(scope);
      if (known && now() < known.until) return (await known.fetched).token;
      // those who ask meanwhile wait for the same answer
      const entry = { fetched: fetchToken(client, scope), until: Infinity };
      kept.set(scope, entry);
      try {
        const { token, lifetime } = await entry.fetched;
        entry.until = now() + Math.max(lifetime - margin, lifetime / 2) * 1000;
        return token;
      } catch (error) {
        kept.delete(scope);
        throw error;
      }
    },
  };
}

interface Token {
  readonly token: string;
  /** Seconds. */
  readonly lifetime: number;
}

/**
 * Headers for requests with a token of this scope: the fixed ones and `authorization`. The first token is fetched at once, so
 * that one that cannot be had is said before anything is sent.
 */
export async function bearerHeaders(
  client: TokenClient,
  scope: string,
  fixed: Readonly<Record<string, string>>,
): Promise<() => Promise<Readonly<Record<string, string>>>> {
  const tokens = tokenSource(client);
  await tokens.token(scope);
  return async () => ({ ...fixed, authorization: `Bearer ${await tokens.token(scope)}` });
}

async function fetchToken(client: TokenClient, scope: string): Promise<Token> {
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  // RFC 6749, 3.3: optional, and of one word at least
  if (scope) body.set('scope', scope);
  if (client.audience) body.set('audience', client.audience);
  // RFC 6749, 2.3.1: both halves are form-encoded before they are joined
  const login = `${encodeURIComponent(client.clientId)}:${encodeURIComponent(client.clientSecret)}`;
  const answer = await send({
    tool: 'token endpoint',
    url: client.tokenUrl,
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}`, accept: 'application/json' },
    body,
    attempts: 3,
    signal: client.signal,
    advice: scope
      ? reasonOf('client.scope', { client: client.clientId, scope })
      : reasonOf('client.grant', { client: client.clientId }),
  });
  const { access_token: token, expires_in: lifetime } = tokenAnswer(answer);
  if (typeof token !== 'string' || token === '')
    throw new ToolError(
      'token endpoint',
      `POST ${client.tokenUrl}`,
      undefined,
      reasonOf('client.noAnswer'),
      reasonOf('client.endpoint'),
    );
  // Entra's first version writes a text
  const seconds = Number(lifetime ?? 60);
  return { token, lifetime: Number.isFinite(seconds) ? seconds : 60 };
}

/** The fields of an answer; none of one that is no JSON object, such as a page to log in. */
function tokenAnswer(text: string): { readonly access_token?: unknown; readonly expires_in?: unknown } {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
