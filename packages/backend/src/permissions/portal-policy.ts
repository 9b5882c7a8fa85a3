import { AuthorizeResult, type PolicyDecision } from '@backstage/plugin-permission-common';
import type { PermissionPolicy, PolicyQuery, PolicyQueryUser } from '@backstage/plugin-permission-node';
import { fairwayDeliveryIngestPermission } from '@fairway/backstage-plugin-fairway-common';
import { ownServices } from './own-services.ts';

export interface PortalRoles {
  /** Entity references of users and groups who may see everything; `*` is everybody who is signed in. */
  readonly readers: readonly string[];
  /** Those who may also change something: silence an alert, create a service, start a delivery. */
  readonly operators: readonly string[];
  /** Those who see and change the services that they or their groups own. */
  readonly owners: readonly string[];
}

/**
 * Three roles for the whole portal. Who is in none sees nothing at all, the catalog included: it would give away the
 * names of the services otherwise.
 */
export class PortalPolicy implements PermissionPolicy {
  readonly #roles: PortalRoles;

  constructor(roles: PortalRoles) {
    this.#roles = roles;
  }

  async handle({ permission }: PolicyQuery, user?: PolicyQueryUser): Promise<PolicyDecision> {
    if (!user) return denied;
    // records come from runs and command lines with a token of their own; a person could only make one up
    if (permission.name === fairwayDeliveryIngestPermission.name) return denied;
    if (has(this.#roles.operators, user)) return allowed;
    if (permission.attributes.action === 'read' && has(this.#roles.readers, user)) return allowed;
    if (!has(this.#roles.owners, user)) return denied;
    return ownServices(permission, user.info.userEntityRef, user.info.ownershipEntityRefs);
  }
}

const allowed: PolicyDecision = { result: AuthorizeResult.ALLOW };
const denied: PolicyDecision = { result: AuthorizeResult.DENY };

function has(role: readonly string[], user: PolicyQueryUser): boolean {
  return role.some(member => member === '*' || user.info.ownershipEntityRefs.includes(member.toLowerCase()));
}
