import {
  createConditionExports,
  createPermissionResourceRef,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import { RESOURCE_TYPE_FAIRWAY_SERVICE, type ServiceResource } from '@fairway/backstage-plugin-fairway-common';
// portals of the year before know schemas of zod 3 alone, as Backstage's own rules still have them
import { z } from 'zod/v3';

/** A condition for a database that holds services. @public */
export interface ServiceQuery {
  readonly property: 'namespace' | 'owner';
  readonly values: readonly string[];
}

/** Services, for policies and for modules with rules of their own. @public */
export const fairwayServiceResourceRef = createPermissionResourceRef<ServiceResource, ServiceQuery>().with({
  pluginId: 'fairway',
  resourceType: RESOURCE_TYPE_FAIRWAY_SERVICE,
});

const isOwner = createPermissionRule({
  name: 'IS_OWNER',
  description: 'Allow services, and what belongs to them, by who answers for them',
  resourceRef: fairwayServiceResourceRef,
  paramsSchema: z.object({
    owners: z.array(z.string()).describe('Whole entity references, one of which the owner must be'),
  }),
  apply: ({ owner }, { owners }) => owner !== undefined && spelled(owners).includes(owner),
  toQuery: ({ owners }): ServiceQuery => ({ property: 'owner', values: spelled(owners) }),
});

const isInNamespace = createPermissionRule({
  name: 'IS_IN_NAMESPACE',
  description: 'Allow what is in one of these namespaces of the clusters',
  resourceRef: fairwayServiceResourceRef,
  paramsSchema: z.object({ namespaces: z.array(z.string()).describe('Names of namespaces') }),
  apply: ({ namespace }, { namespaces }) => namespace !== undefined && namespaces.includes(namespace),
  toQuery: ({ namespaces }): ServiceQuery => ({ property: 'namespace', values: namespaces }),
});

export const fairwayServiceRules = { isOwner, isInNamespace };

const exported = createConditionExports({ resourceRef: fairwayServiceResourceRef, rules: fairwayServiceRules });

/** What a policy may ask of a service. @public */
export const fairwayServiceConditions = exported.conditions;

/** Answers for a permission of Fairway with conditions instead of for all services alike. @public */
export const createFairwayServiceConditionalDecision = exported.createConditionalDecision;

/** Entity references are the same in every case. */
function spelled(owners: readonly string[]): string[] {
  return owners.map(owner => owner.toLowerCase());
}
