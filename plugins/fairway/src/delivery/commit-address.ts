import type { Delivery, DeliverySummary } from '@fairway/backstage-plugin-fairway-common';

/** The page of the commit, at the server and in the repository of the run that delivered it; undefined for what no run delivered. */
export function commitAddress({ commit, origin }: Pick<DeliverySummary, 'commit' | 'origin'>): string | undefined {
  const repository = repositoryOf(origin);
  return repository && commit && /^[0-9a-f]{40,64}$/.test(commit) ? `${repository}/commit/${commit}` : undefined;
}

/** The pull request that GitHub names in the first line of the commit when it merges or squashes one. */
export function pullRequest({
  record,
  origin,
}: Pick<Delivery, 'record' | 'origin'>): { readonly number: string; readonly address: string } | undefined {
  const repository = repositoryOf(origin);
  const [, merged, squashed] = /^Merge pull request #(\d+) from |\(#(\d+)\)$/.exec(record.source.subject ?? '') ?? [];
  const number = merged ?? squashed;
  return repository && number ? { number, address: `${repository}/pull/${number}` } : undefined;
}

function repositoryOf(origin: string): string | undefined {
  return /^(https:\/\/[^/?#]+\/[^/?#]+\/[^/?#]+)\/actions\/runs\/\d+/.exec(origin)?.[1];
}
