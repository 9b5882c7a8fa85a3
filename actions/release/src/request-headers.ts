import { ConfigurationError } from '@fairway/service';
import type { Service } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { bearerHeaders } from '@fairway/clients/identity/index';
import type { ReleaseInputs } from './inputs.ts';

/** Headers of the requests that a release makes at the gateway, with a token that is renewed before it ends. */
export async function requestHeaders(service: Service, inputs: ReleaseInputs, signal: AbortSignal) {
  const host: Record<string, string> = service.access.hostname ? { host: service.access.hostname } : {};
  const { 'token-url': tokenUrl, 'client-id': clientId, 'client-secret': clientSecret } = inputs;
  if (!tokenUrl || !clientId || !clientSecret) {
    throw new ConfigurationError(reasonOf('input.releaseToken'));
  }
  const client = { tokenUrl, clientId, clientSecret, audience: inputs.audience, signal };
  return bearerHeaders(client, inputs['token-scope'] || service.access.chatScope, host);
}
