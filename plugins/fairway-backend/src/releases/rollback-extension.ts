import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { KubeConfig } from '@kubernetes/client-node';

/** What a portal asks of a {@link Rollback}. @public */
export interface RollbackRequest {
  /** With the login of the portal. */
  readonly kubeConfig: KubeConfig;
  /** Its context that names the cluster. */
  readonly context: string;
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
 * @public
 */
export type Rollback = (
  request: RollbackRequest,
) => Promise<{ readonly revision: string; readonly from: readonly string[] }>;

/** Takes what moves traffic back. @public */
export interface RollbackExtensionPoint {
  /** @throws when it was set before */
  setRollback(rollback: Rollback): void;
}

/** Where a module says how traffic is moved. A portal without one only looks at its clusters. @public */
export const rollbackExtensionPoint = createExtensionPoint<RollbackExtensionPoint>({ id: 'fairway.rollback' });
