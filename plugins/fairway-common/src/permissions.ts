import { createPermission } from '@backstage/plugin-permission-common';

/** Seeing services, deliveries, deployments, capacity and alerts. */
export const fairwayReadPermission = createPermission({ name: 'fairway.read', attributes: { action: 'read' } });

/** Seeing the logs of services: they name who asked what, when and how it ended. */
export const fairwayLogReadPermission = createPermission({ name: 'fairway.log.read', attributes: { action: 'read' } });

/** Storing a delivery record. */
export const fairwayDeliveryIngestPermission = createPermission({
  name: 'fairway.delivery.ingest',
  attributes: { action: 'create' },
});

/** Silencing and acknowledging alerts. */
export const fairwayAlertUpdatePermission = createPermission({
  name: 'fairway.alert.update',
  attributes: { action: 'update' },
});

/** Removing a service that is decommissioned, with its deliveries. */
export const fairwayServiceRemovePermission = createPermission({
  name: 'fairway.service.remove',
  attributes: { action: 'delete' },
});

/** Moving the traffic of a service back to the version that was released before. */
export const fairwayReleaseRollbackPermission = createPermission({
  name: 'fairway.release.rollback',
  attributes: { action: 'update' },
});

/** Starting a delivery from the portal. */
export const fairwayDeliveryStartPermission = createPermission({
  name: 'fairway.delivery.start',
  attributes: { action: 'create' },
});

export const fairwayPermissions = [
  fairwayReadPermission,
  fairwayLogReadPermission,
  fairwayDeliveryIngestPermission,
  fairwayAlertUpdatePermission,
  fairwayServiceRemovePermission,
  fairwayReleaseRollbackPermission,
  fairwayDeliveryStartPermission,
];
