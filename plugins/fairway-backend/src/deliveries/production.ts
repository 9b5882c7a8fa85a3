import type { DeploymentView, ServiceSummary } from '@fairway/backstage-plugin-fairway-common';

type Serving = ServiceSummary['serving'][number];

/**
 * The versions that get users' requests in one cluster: those with ready pods to which a route gives weight. A service without a
 * route is reached by its pods alone, so there every version with ready pods serves.
 */
export function servingIn({ cluster, versions }: DeploymentView): Serving | undefined {
  const routed = versions.some(({ weight }) => weight !== undefined);
  const serving = versions
    .filter(({ weight, readyReplicas }) => readyReplicas > 0 && (!routed || (weight ?? 0) > 0))
    .map(({ revision, weight, readyReplicas }) => ({ revision, weight, readyReplicas }));
  return serving.length > 0 ? { cluster, versions: serving } : undefined;
}
