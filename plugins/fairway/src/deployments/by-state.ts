import type { DeploymentView, VersionView } from '@fairway/backstage-plugin-fairway-common';

/** From what needs somebody to what does not. */
export const deploymentStates = ['failing', 'starting', 'ready'] as const;

/** The state of the worst version. */
export function stateOf({ versions }: Pick<DeploymentView, 'versions'>): VersionView['state'] {
  return deploymentStates.find(one => versions.some(version => version.state === one)) ?? 'ready';
}

/** A copy with the releases that broke off first, then what fails, what is released now, and what starts. */
export function byState(deployments: readonly DeploymentView[]): readonly DeploymentView[] {
  const rankOf = (deployment: DeploymentView) => {
    if (deployment.brokenOff) return 0;
    const state = stateOf(deployment);
    if (state === 'failing') return 1;
    if (deployment.release) return 2;
    return state === 'starting' ? 3 : 4;
  };
  return deployments.toSorted((one, other) => rankOf(one) - rankOf(other));
}
