import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '@fairway/service';
import { tokenSource } from '@fairway/clients/identity/index';
import { type PlatformState, readState } from '@fairway/platform';
import { issuerScopes } from '@fairway/platform/serving/issuer';
import { parse } from './parse.ts';

/** `fairway token`: a fresh access token of the local platform, for curl and for every client of the OpenAI API. */
export async function tokenCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values } = parse(argv, { json: { type: 'boolean' } }, 0);
  const state = await readState();
  if (!state)
    throw new ConfigurationError(
      'The local platform is down, so nobody gives tokens: start it with fairway platform up, or ask the issuer of your own cluster.',
    );
  const token = await userToken(state, signal);
  process.stdout.write(values['json'] ? `${JSON.stringify({ baseUrl: openAiUrl(state), token })}\n` : `${token}\n`);
  return 0;
}

/** A token of the platform's user, good for everything that a service serves. */
export async function userToken(state: PlatformState, signal: AbortSignal): Promise<string> {
  const { id, secretFile } = state.issuer.clients.user;
  return tokenSource({
    tokenUrl: state.issuer.tokenUrl,
    clientId: id,
    clientSecret: (await readFile(secretFile, 'utf8')).trim(),
    audience: state.issuer.audience,
    signal,
  }).token(issuerScopes.user.join(' '));
}

/** The base address that clients of the OpenAI API take. */
export function openAiUrl(state: PlatformState): string {
  return `${state.gateway.url}/v1`;
}
