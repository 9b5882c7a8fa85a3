import { changePage, type Delivery, runRepository } from '@fairway/backstage-plugin-fairway-common';

/** The pull request or merge request by which a delivery came, as the server names it in the message of the commit. */
export function changeLink({ record, origin }: Pick<Delivery, 'record' | 'origin'>) {
  const repository = runRepository(origin);
  if (!repository) return undefined;
  const { subject = '', mergeRequest } = record.source;
  // GitHub's stands in the first line when it merges or squashes one
  const [, merged, squashed] = /^Merge pull request #(\d+) from |\(#(\d+)\)$/.exec(subject) ?? [];
  const { server } = repository;
  const number = server === 'gitlab' ? mergeRequest : (merged ?? squashed);
  return number === undefined ? undefined : { server, number, address: changePage(repository, number) };
}
