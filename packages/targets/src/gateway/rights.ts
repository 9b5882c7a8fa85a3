import { isScope, operations } from '@fairway/service';
import type { Operation, Service } from '@fairway/service';
import type { Access } from './access.ts';

/** One way to be let in: everything that it names must be in the token. */
export interface Right {
  /** The only operation that it allows; every one of the route when absent. */
  readonly operation?: Operation;
  readonly scopes?: readonly string[];
  readonly claims?: readonly {
    /** Dots lead into objects: realm_access.roles. */
    readonly name: string;
    /** A list holds one of the values; a text is one of them when absent. */
    readonly valueType?: 'StringArray';
    readonly values: readonly string[];
  }[];
}

/** What the values in a token allow: who may ask the model may list it too, so one token is enough for a client that does both. */
export function rights(service: Service): ReadonlyMap<string, readonly Operation[]> {
  const { chatScope, modelsScope, roles } = service.access;
  const found = new Map<string, readonly Operation[]>(roles.map(role => [role.name, role.operations]));
  for (const [scope, allowed] of [
    [modelsScope, ['models']],
    [chatScope, operations],
  ] as const)
    found.set(scope, [...new Set([...(found.get(scope) ?? []), ...allowed])]);
  return found;
}

/**
 * Every way to be let into a route. What one right names is asked for together, so each value in each claim is a right of its own.
 * @param here the operations of the route
 */
export function rightsTo(service: Service, access: Access, here: readonly Operation[]): readonly Right[] {
  const client = access.clients ? [{ name: 'client_id', values: [...access.clients] }] : [];
  return [...rights(service)].flatMap(([right, allowed]) => {
    const some = here.filter(operation => allowed.includes(operation));
    const places = some.length === here.length ? [{}] : some.map(operation => ({ operation }));
    const holders = [
      ...(isScope(right) ? [{ scopes: [right], ...(client.length > 0 ? { claims: client } : {}) }] : []),
      // an issuer may write a list of one as a text
      ...service.access.claims.flatMap(name =>
        [
          { name, valueType: 'StringArray' as const, values: [right] },
          { name, values: [right] },
        ].map(claim => ({
          claims: [...client, claim],
        })),
      ),
    ];
    return places.flatMap(place => holders.map(held => ({ ...place, ...held })));
  });
}
