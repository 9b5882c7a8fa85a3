import type {
  BackstageCredentials,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { AuthorizeResult, type PolicyDecision, type ResourcePermission } from '@backstage/plugin-permission-common';
import { createConditionAuthorizer } from '@backstage/plugin-permission-node';
import {
  type Alert,
  fairwayServicePermissions,
  ownerReference,
  parseServiceResourceRef,
  type RESOURCE_TYPE_FAIRWAY_SERVICE,
  type ServiceResource,
} from '@fairway/backstage-plugin-fairway-common';
import { reasonOf } from '@fairway/service/reasons/reason';
import type { StoredServices } from '../deliveries/stored-services.ts';
import { codedError } from '../http/coded-error.ts';
import { RememberedAnswers } from './remembered-answers.ts';
import { ServiceOwners } from './service-owners.ts';
import { fairwayServiceResourceRef, fairwayServiceRules } from './service-rules.ts';

export type ServicePermission = ResourcePermission<typeof RESOURCE_TYPE_FAIRWAY_SERVICE>;

/** The services for which somebody has a permission. */
export interface Scope {
  /** Whether it is every service, and all that belongs to none. */
  readonly all: boolean;
  readonly owners: ServiceOwners;
  may(resource: ServiceResource): boolean;
}

/** No service at all. */
export const noScope: Scope = { all: false, owners: new ServiceOwners(new Map()), may: () => false };

/** Finds out for which services somebody has a permission. */
export class Scopes {
  readonly #permissions: PermissionsService;
  readonly #stored: StoredServices;
  readonly #authorize: (decision: PolicyDecision, resource: ServiceResource) => boolean;
  readonly #answers = new RememberedAnswers();
  readonly #owners = new WeakMap<ReadonlyMap<string, string>, ServiceOwners>();

  /** Makes services known to the permissions of the portal. */
  constructor(permissions: PermissionsService, registry: PermissionsRegistryService, stored: StoredServices) {
    this.#permissions = permissions;
    this.#stored = stored;
    registry.addResourceType({
      resourceRef: fairwayServiceResourceRef,
      permissions: fairwayServicePermissions,
      rules: Object.values(fairwayServiceRules),
      getResources: async references => {
        const owners = await this.#serviceOwners();
        return references.map(reference => {
          const resource = parseServiceResourceRef(reference);
          return resource && owners.completed(resource);
        });
      },
    });
    this.#authorize = createConditionAuthorizer(registry.getPermissionRuleset(fairwayServiceResourceRef));
  }

  /** @returns one for each permission; `noScope` where the portal denies it for every service */
  async of<Permissions extends readonly ServicePermission[]>(
    credentials: BackstageCredentials,
    ...permissions: Permissions
  ): Promise<{ readonly [Place in keyof Permissions]: Scope }> {
    const asked = permissions.map(permission => ({ permission }));
    const decisions = await this.#permissions.authorizeConditional(asked, { credentials });
    const owners = await this.#serviceOwners();
    const scopes = decisions.map((decision): Scope => {
      if (decision.result !== AuthorizeResult.CONDITIONAL)
        return decision.result === AuthorizeResult.ALLOW ? { all: true, owners, may: () => true } : noScope;
      const may = this.#answers.of(decision.conditions, resource => this.#authorize(decision, resource));
      return {
        ...{ all: false, owners },
        may(resource) {
          const found = owners.completed(resource);
          return found !== undefined && may(found);
        },
      };
    });
    return scopes as { [Place in keyof Permissions]: Scope };
  }

  async #serviceOwners(): Promise<ServiceOwners> {
    const { owners } = await this.#stored.read();
    const known = this.#owners.get(owners) ?? new ServiceOwners(owners);
    this.#owners.set(owners, known);
    return known;
  }
}

/** What an alert is about; its own label names the owner where the portal knows none. */
export function resourceOfAlert({ namespace, service, owner }: Pick<Alert, 'namespace' | 'service' | 'owner'>) {
  return { namespace, service, owner: owner === undefined ? undefined : ownerReference(owner) };
}

/** Whoever has a permission for some services has it not for this one. */
export function notAllowed(permission: { readonly name: string }, { namespace, service }: ServiceResource) {
  const name = [namespace, service].filter(Boolean).join('/');
  return codedError(NotAllowedError, reasonOf('answer.permissionFor', { permission: permission.name, service: name }));
}
