import { ConfigurationError } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { GatewayReference, ServiceReference } from './access.ts';

/** @throws ConfigurationError for a text that is not namespace/name */
export function parseGateway(text: string): GatewayReference {
  const match = /^(?<namespace>[a-z0-9-]+)\/(?<name>[a-z0-9.-]+)$/.exec(text);
  if (!match?.groups) throw new ConfigurationError(reasonOf('input.gateway', { found: text }));
  return { namespace: match.groups.namespace ?? '', name: match.groups.name ?? '' };
}

/** @throws ConfigurationError for a text that is not namespace/name:port */
export function parseServiceReference(input: string, text: string): ServiceReference {
  const match = /^(?<namespace>[a-z0-9-]+)\/(?<name>[a-z0-9-]+):(?<port>\d{1,5})$/.exec(text);
  if (!match?.groups) throw new ConfigurationError(reasonOf('input.serviceAddress', { input, found: text }));
  return { namespace: match.groups.namespace ?? '', name: match.groups.name ?? '', port: Number(match.groups.port) };
}
