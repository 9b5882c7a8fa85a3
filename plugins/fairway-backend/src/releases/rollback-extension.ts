import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { Cluster } from '@fairway/clients/kubernetes/index';

export interface RollbackRequest {
  /** With the login of the portal. */
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly name: string;
  /** Version that gets all users. */
  readonly revision: string;
  /** Seconds for which the versions that lose their users stay. */
  readonly keep: number;
  /** Who goes back, for others who find the lease of the release taken. */
  readonly holder: string;
}

/**
 * Gives a version that was released before all traffic again, under the lease of the release.
 * @returns that version, and those that lost their users
 */
export type Rollback = (
  request: RollbackRequest,
) => Promise<{ readonly revision: string; readonly from: readonly string[] }>;

export interface RollbackExtensionPoint {
  /** @throws when it was set before */
  setRollback(rollback: Rollback): void;
}

/** Where a module says how traffic is moved. A portal without one only looks at its clusters. */
export const rollbackExtensionPoint = createExtensionPoint<RollbackExtensionPoint>({ id: 'fairway.rollback' });
