import { createPermission } from '@backstage/plugin-permission-common';
import { RESOURCE_TYPE_FAIRWAY_SERVICE } from './service-resource.ts';

/** Which services: a policy answers for all of them, or with conditions on owner and namespace. */
const resourceType = RESOURCE_TYPE_FAIRWAY_SERVICE;

/** Seeing services, their deliveries, deployments, pods and alerts, and the capacity of the clusters. @public */
export const fairwayReadPermission = createPermission({
  name: 'fairway.read',
  attributes: { action: 'read' },
  resourceType,
});

/** Seeing the logs of services: they name who asked what, when and how it ended. @public */
export const fairwayLogReadPermission = createPermission({
  name: 'fairway.log.read',
  attributes: { action: 'read' },
  resourceType,
});

/** Storing a delivery record. Tokens alone have it, and `fairway.senders` says for which owners. @public */
export const fairwayDeliveryIngestPermission = createPermission({
  name: 'fairway.delivery.ingest',
  attributes: { action: 'create' },
});

/** Silencing and acknowledging alerts. @public */
export const fairwayAlertUpdatePermission = createPermission({
  name: 'fairway.alert.update',
  attributes: { action: 'update' },
  resourceType,
});

/** Removing a service that is decommissioned, with its deliveries. @public */
export const fairwayServiceRemovePermission = createPermission({
  name: 'fairway.service.remove',
  attributes: { action: 'delete' },
  resourceType,
});

/** Moving the traffic of a service back to the version that was released before, also in the middle of a release. @public */
export const fairwayReleaseRollbackPermission = createPermission({
  name: 'fairway.release.rollback',
  attributes: { action: 'update' },
  resourceType,
});

/** Holding a release at its step, and letting it go on. @public */
export const fairwayReleasePausePermission = createPermission({
  name: 'fairway.release.pause',
  attributes: { action: 'update' },
  resourceType,
});

/** Giving the candidate of a release all users before its steps have judged it. @public */
export const fairwayReleasePromotePermission = createPermission({
  name: 'fairway.release.promote',
  attributes: { action: 'update' },
  resourceType,
});

/** Sending one question to a service through the portal, with a token of one's own. @public */
export const fairwayServiceTryPermission = createPermission({
  name: 'fairway.service.try',
  attributes: { action: 'create' },
  resourceType,
});

/** Starting a delivery from the portal. @public */
export const fairwayDeliveryStartPermission = createPermission({
  name: 'fairway.delivery.start',
  attributes: { action: 'create' },
  resourceType,
});

/** Those that are about services. @public */
export const fairwayServicePermissions = [
  fairwayReadPermission,
  fairwayLogReadPermission,
  fairwayAlertUpdatePermission,
  fairwayServiceRemovePermission,
  fairwayReleaseRollbackPermission,
  fairwayReleasePausePermission,
  fairwayReleasePromotePermission,
  fairwayServiceTryPermission,
  fairwayDeliveryStartPermission,
];

/** All permissions of Fairway. @public */
export const fairwayPermissions = [...fairwayServicePermissions, fairwayDeliveryIngestPermission];
