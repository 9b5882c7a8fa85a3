import type { DeploymentView, ServicePlace } from '@fairway/backstage-plugin-fairway-common';

/**
 * The versions that get users' requests in one cluster: those with ready pods to which a route gives weight, and those that sleep, whose
 * requests wait for a pod. A service without a route is reached by its pods alone, so there every version with ready pods serves.
 */
export function servingVersions({ versions }: DeploymentView): ServicePlace['versions'] {
  const routed = versions.some(({ weight }) => weight !== undefined);
  return versions
    .filter(({ weight, readyReplicas, asleep }) => (readyReplicas > 0 || asleep) && (!routed || (weight ?? 0) > 0))
    .map(({ revision, weight, readyReplicas }) => ({ revision, weight, readyReplicas }));
}
