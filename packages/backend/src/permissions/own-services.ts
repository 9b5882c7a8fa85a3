import { catalogConditions, createCatalogConditionalDecision } from '@backstage/plugin-catalog-backend/alpha';
import {
  AuthorizeResult,
  isResourcePermission,
  type Permission,
  type PermissionCondition,
  type PermissionCriteria,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  createScaffolderTaskConditionalDecision,
  scaffolderTaskConditions,
} from '@backstage/plugin-scaffolder-backend/alpha';
import {
  createFairwayServiceConditionalDecision,
  fairwayServiceConditions,
} from '@fairway/backstage-plugin-fairway-backend';
import { RESOURCE_TYPE_FAIRWAY_SERVICE } from '@fairway/backstage-plugin-fairway-common';

/**
 * What somebody needs to create services. By name: Node cannot load the ES modules in which Backstage has the permissions of
 * scaffolder and catalog.
 */
const creating = new Set([
  'scaffolder.action.execute',
  'scaffolder.task.create',
  'scaffolder.template.parameter.read',
  'scaffolder.template.step.read',
]);

/** The user or the group itself: what others own stands in the relations of their entities, with its name. */
function itself(claim: string): PermissionCriteria<PermissionCondition<'catalog-entity'>> {
  const [kind = '', namespace = '', name = ''] = claim.split(/[:/]/);
  return {
    allOf: [
      catalogConditions.isEntityKind({ kinds: [kind] }),
      catalogConditions.hasMetadata({ key: 'namespace', value: namespace }),
      catalogConditions.hasMetadata({ key: 'name', value: name }),
    ],
  };
}

/**
 * Who owns services sees and changes those, and no others: in Fairway, in the catalog and in what searches it.
 * @param user   entity reference
 * @param owners the user and their groups
 */
export function ownServices(permission: Permission, user: string, owners: readonly string[]): PolicyDecision {
  const [first, ...others] = owners;
  // conditions without an owner would say nothing
  if (first === undefined) return { result: AuthorizeResult.DENY };
  const claims = [first, ...others];
  if (isResourcePermission(permission, RESOURCE_TYPE_FAIRWAY_SERVICE))
    return createFairwayServiceConditionalDecision(permission, fairwayServiceConditions.isOwner({ owners: claims }));
  if (isResourcePermission(permission, 'catalog-entity') && permission.name === 'catalog.entity.read')
    return createCatalogConditionalDecision(permission, {
      anyOf: [
        catalogConditions.isEntityOwner({ claims }),
        catalogConditions.isEntityKind({ kinds: ['Template'] }),
        ...claims.map(itself),
      ],
    });
  if (isResourcePermission(permission, 'scaffolder-task'))
    return createScaffolderTaskConditionalDecision(
      permission,
      scaffolderTaskConditions.isTaskOwner({ createdBy: [user] }),
    );
  return { result: creating.has(permission.name) ? AuthorizeResult.ALLOW : AuthorizeResult.DENY };
}
