import { NotAllowedError } from '@backstage/errors';
import type { DeliveryRecord } from '@fairway/stage/record';
import type { Caller } from '../access/caller.ts';
import type { Owners, Senders } from '../access/senders.ts';

/** Where a record came from, as its sender proved it; nothing of it is taken from the record. */
export interface Origin {
  /**
   * Who alone may change the delivery later: "github:" or "gitlab:" with the number of the repository, which stays when it is renamed, or
   * "token:" with the subject of the token, which stays when the token is replaced.
   */
  readonly sender: string;
  /** For which owners it may send. The repository of a run is let in as such. */
  readonly owners: Owners;
  /** "laptop" or the address of the run. */
  readonly origin: string;
  readonly projectSlug?: string;
  readonly repositoryId?: string;
  /** Commit of the run, for a record that did not get so far as to name one. */
  readonly commit?: string;
}

/** @throws NotAllowedError when the caller may send no delivery, or not this one */
export function originOf(caller: Caller, record: DeliveryRecord, senders: Senders): Origin {
  switch (caller.kind) {
    case 'run': {
      const { run } = caller;
      const { commit } = record.source;
      if (commit !== undefined && commit !== run.commit) {
        throw new NotAllowedError(
          `The delivery ${record.id} is of the commit ${commit}, and the run ${run.url} is of ${run.commit}: a run may only send the delivery that it made. Deliver again in this run.`,
        );
      }
      return {
        sender: run.sender,
        owners: 'all',
        origin: run.url,
        projectSlug: run.repository,
        repositoryId: run.repositoryId,
        commit: run.commit,
      };
    }
    case 'service': {
      const owners = senders.get(caller.name);
      if (owners) return { sender: `token:${caller.name}`, owners, origin: 'laptop' };
      throw new NotAllowedError(
        `The token "${caller.name}" may send no deliveries: fairway.senders of this portal names no owner for it. Its operator can add an entry with this subject and the owners for which it sends.`,
      );
    }
    case 'user':
      throw new NotAllowedError(
        'Deliveries are sent by runs of GitHub or GitLab and by the holders of tokens, not by people.',
      );
  }
}
