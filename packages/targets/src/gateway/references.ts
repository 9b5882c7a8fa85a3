import { ConfigurationError } from '@fairway/service';
import type { GatewayReference, ServiceReference } from './access.ts';

/** @throws ConfigurationError for a text that is not namespace/name */
export function parseGateway(text: string): GatewayReference {
  const match = /^(?<namespace>[a-z0-9-]+)\/(?<name>[a-z0-9.-]+)$/.exec(text);
  if (!match?.groups)
    throw new ConfigurationError(`The input gateway takes namespace/name of a Gateway; found "${text}".`);
  return { namespace: match.groups.namespace ?? '', name: match.groups.name ?? '' };
}

/** @throws ConfigurationError for a text that is not namespace/name:port */
export function parseServiceReference(input: string, text: string): ServiceReference {
  const match = /^(?<namespace>[a-z0-9-]+)\/(?<name>[a-z0-9-]+):(?<port>\d{1,5})$/.exec(text);
  if (!match?.groups)
    throw new ConfigurationError(`The input ${input} takes namespace/name:port of a Service; found "${text}".`);
  return { namespace: match.groups.namespace ?? '', name: match.groups.name ?? '', port: Number(match.groups.port) };
}
