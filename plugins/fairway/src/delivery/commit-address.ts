import type { DeliverySummary } from '@fairway/backstage-plugin-fairway-common';

/** The page of the commit, at the server and in the repository of the run that delivered it; undefined for what no run delivered. */
export function commitAddress({ commit, origin }: Pick<DeliverySummary, 'commit' | 'origin'>): string | undefined {
  const repository = repositoryOf(origin);
  return repository && commit && /^[0-9a-f]{40,64}$/.test(commit) ? `${repository}/commit/${commit}` : undefined;
}

/**
 * The pull request that the commit came by, as GitHub writes it into the first line of the message: "Subject (#12)" when it
 * squashes, "Merge pull request #12 from owner/branch" when it merges (docs.github.com, "About merge methods on GitHub").
 */
export function pullRequestOf(subject: string, origin: string): { number: string; address: string } | undefined {
  const number = /^Merge pull request #(\d+) from /.exec(subject)?.[1] ?? / \(#(\d+)\)$/.exec(subject)?.[1];
  const repository = repositoryOf(origin);
  return repository && number ? { number, address: `${repository}/pull/${number}` } : undefined;
}

function repositoryOf(origin: string): string | undefined {
  return /^(https:\/\/[^/?#]+\/[^/?#]+\/[^/?#]+)\/actions\/runs\/\d+/.exec(origin)?.[1];
}
