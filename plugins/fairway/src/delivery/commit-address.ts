import type { DeliverySummary } from '@fairway/backstage-plugin-fairway-common';

/** The page of the commit, at the server and in the repository of the run that delivered it; undefined for what no run delivered. */
export function commitAddress({ commit, origin }: Pick<DeliverySummary, 'commit' | 'origin'>): string | undefined {
  const repository = /^(https:\/\/[^/?#]+\/[^/?#]+\/[^/?#]+)\/actions\/runs\/\d+/.exec(origin)?.[1];
  return repository && commit && /^[0-9a-f]{40,64}$/.test(commit) ? `${repository}/commit/${commit}` : undefined;
}
