import { ConfigurationError } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Access } from '@fairway/targets/gateway/access';
import type { Entrance } from '@fairway/targets/gateway/target';
import { parseGateway, parseServiceReference } from '@fairway/targets/gateway/references';

export interface AccessInputs {
  readonly issuer: string;
  readonly audience?: string;
  readonly clients?: readonly string[];
  readonly 'jwks-url': string;
  readonly 'jwks-service'?: string;
  readonly 'waf-service': string;
}

/**
 * Whose tokens are accepted, and by which firewall requests are looked at.
 * @throws ConfigurationError unless either the audience or the clients are named, each by its whole name
 */
export function access(inputs: AccessInputs): Access {
  const jwksService = inputs['jwks-service'];
  const { audience, clients = [] } = inputs;
  // without either, a token that the issuer gave for anything else would be good here
  if (!audience === (clients.length === 0))
    throw new ConfigurationError(
      reasonOf('input.audience', { found: reasonOf(audience ? 'found.both' : 'found.neither') }),
    );
  const pattern = [...clients, audience ?? ''].find(name => name.startsWith('*') || name.endsWith('*'));
  if (pattern !== undefined)
    throw new ConfigurationError(reasonOf('input.star', { input: audience ? 'audience' : 'clients', found: pattern }));
  return {
    issuer: inputs.issuer,
    ...(audience ? { audience } : { clients }),
    jwksUrl: inputs['jwks-url'],
    ...(jwksService ? { jwksService: parseServiceReference('jwks-service', jwksService) } : {}),
    waf: parseServiceReference('waf-service', inputs['waf-service']),
  };
}

/** Where the service is reached and by whom. */
export function entrance(
  inputs: AccessInputs & { readonly gateway: string },
  listeners: readonly string[],
  mesh: Pick<Entrance, 'mutualTls' | 'ambient'>,
): Entrance {
  return {
    gateway: parseGateway(inputs.gateway),
    listeners,
    access: access(inputs),
    ...mesh,
  };
}
