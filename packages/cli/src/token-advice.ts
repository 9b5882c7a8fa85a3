import type { RequestHeaders } from '@fairway/load';

/**
 * What to do where a server does not let this side in; undefined for another status.
 * @param issued whether the tokens come from --token-url
 */
export function tokenAdvice(status: unknown, sent: RequestHeaders, issued: boolean): string | undefined {
  if (status === 403)
    return 'The token was read and may not do this: give its client or its owner the right, or take the token of another one.';
  if (status !== 401) return undefined;
  if (issued)
    return 'The server does not trust what --token-url gives: check whether it is the issuer of that server, and --scope.';
  if (sent['authorization'] === undefined)
    return 'Give a token in the variable FAIRWAY_TOKEN, or --token-url and --client-id.';
  return 'The token that was sent is wrong or over: get a fresh one and give it in the variable FAIRWAY_TOKEN. --token-url and --client-id get new ones while a load runs.';
}
