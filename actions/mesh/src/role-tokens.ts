import type { Operation, Service } from '@fairway/service';
import { ToolError } from '@fairway/clients/tool-error';
import type { TokenSource } from '@fairway/clients/identity/index';
import { rights } from '@fairway/targets/gateway/rights';
import type { RoleToken } from './probes.ts';

export interface RoleTokens {
  readonly held: readonly RoleToken[];
  /** Roles that the delivery's client does not get, so nothing proves them. */
  readonly missing: readonly string[];
}

/**
 * A token for each role of the service. Where roles are scopes it is asked for each by itself; where the issuer decides
 * (`fixed`), its one token is looked into.
 * @throws ToolError when the issuer fails; that it denies a role is no failure
 */
export async function roleTokens(
  tokens: TokenSource,
  service: Service,
  fixed: string | undefined,
): Promise<RoleTokens> {
  const held: RoleToken[] = [];
  const missing: string[] = [];
  for (const { name } of service.access.roles) {
    const token = await tokenWith(tokens, fixed || name);
    const values = token === undefined ? new Set<string>() : valuesIn(token, service.access.claims);
    if (token === undefined || !values.has(name)) missing.push(name);
    else held.push({ role: name, token, allowed: allowedBy(service, values) });
  }
  return { held, missing };
}

/** What a token with these values may do with the model of the service. */
export function allowedBy(service: Service, values: ReadonlySet<string>): readonly Operation[] {
  return [...new Set([...rights(service)].filter(([right]) => values.has(right)).flatMap(([, allowed]) => allowed))];
}

async function tokenWith(tokens: TokenSource, scope: string): Promise<string | undefined> {
  try {
    return await tokens.token(scope);
  } catch (error) {
    // RFC 6749, 5.2: invalid_scope, unauthorized_client
    if (error instanceof ToolError && (error.status === 400 || error.status === 401)) return undefined;
    throw error;
  }
}

/**
 * The scopes and the values of the named claims. The token is ours and is read, not trusted: the gateway verifies it.
 * @param claims paths such as realm_access.roles
 */
export function valuesIn(token: string, claims: readonly string[]): ReadonlySet<string> {
  const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  const at = (path: string) =>
    path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], payload);
  const values = (value: unknown) => [value].flat().filter(one => typeof one === 'string');
  const scopes = ['scope', 'scp'].flatMap(name => values(at(name))).flatMap(text => text.split(' '));
  return new Set([...scopes, ...claims.flatMap(path => values(at(path)))]);
}
