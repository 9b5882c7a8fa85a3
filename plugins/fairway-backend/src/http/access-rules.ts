import {
  fairwayAlertUpdatePermission,
  fairwayDeliveryIngestPermission,
  fairwayDeliveryStartPermission,
  fairwayLogReadPermission,
  fairwayReadPermission,
  fairwayReleasePausePermission,
  fairwayReleasePromotePermission,
  fairwayReleaseRollbackPermission,
  fairwayServiceRemovePermission,
  fairwayServiceTryPermission,
  type Operations,
} from '@fairway/backstage-plugin-fairway-common';
import type { BasicPermission } from '@backstage/plugin-permission-common';
import type { CallerKind } from '../access/caller.ts';
import type { ServicePermission } from '../access/scope.ts';

export interface AccessRule {
  readonly permission: BasicPermission | ServicePermission;
  readonly callers: readonly CallerKind[];
}

const read: AccessRule = { permission: fairwayReadPermission, callers: ['user', 'service'] };
// an alert is taken by a person, whose name the others then see
const update: AccessRule = { permission: fairwayAlertUpdatePermission, callers: ['user'] };
const pause: AccessRule = { permission: fairwayReleasePausePermission, callers: ['user'] };

/** Who may ask for what. A run of GitHub or GitLab is let in by `fairway.github` or `fairway.gitlab`, everybody else by the permission. */
export const accessRules: Readonly<Record<keyof Operations, AccessRule>> = {
  home: read,
  services: read,
  service: read,
  indicators: read,
  usage: read,
  allUsage: read,
  // who asked what, as the logs name it
  clientUsage: { permission: fairwayLogReadPermission, callers: ['user', 'service'] },
  removeService: { permission: fairwayServiceRemovePermission, callers: ['user'] },
  // the token is that of a person
  tryService: { permission: fairwayServiceTryPermission, callers: ['user'] },
  deliveries: read,
  delivery: read,
  evidence: read,
  // a token of a program has a way to its host of its own
  deliverAgain: { permission: fairwayDeliveryStartPermission, callers: ['user'] },
  // a person could only make a record up
  ingest: { permission: fairwayDeliveryIngestPermission, callers: ['service', 'run'] },
  deployments: read,
  rollback: { permission: fairwayReleaseRollbackPermission, callers: ['user'] },
  pauseRelease: pause,
  resumeRelease: pause,
  // the same going back, asked of the release itself
  abortRelease: { permission: fairwayReleaseRollbackPermission, callers: ['user'] },
  promoteRelease: { permission: fairwayReleasePromotePermission, callers: ['user'] },
  capacity: read,
  fleet: read,
  capacityTrend: read,
  teamCapacity: read,
  queues: read,
  model: read,
  fitting: read,
  fit: read,
  alerts: read,
  resolvedAlerts: read,
  silence: update,
  acknowledge: update,
  logs: { permission: fairwayLogReadPermission, callers: ['user', 'service'] },
  comparisons: read,
};
