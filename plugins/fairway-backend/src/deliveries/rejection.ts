import { ConflictError, NotAllowedError } from '@backstage/errors';
import { ownerReference } from '@fairway/backstage-plugin-fairway-common';
import type { DeliveryRecord } from '@fairway/stage/record';
import type { Knex } from 'knex';
import type { Origin } from './origin.ts';
import type { DeliveryRow } from './row.ts';
import type { ServiceFacts } from './service-facts.ts';
import { ownersOf } from './last-described.ts';

/**
 * A delivery belongs to one service and to whom sent it first: nobody else changes its verdict, its times or its stages.
 * @throws ConflictError, NotAllowedError
 */
export function rejectStranger(known: DeliveryRow, incoming: DeliveryRecord, from: Origin): void {
  // of a delivery from before senders were stored it is only known whether a GitHub run sent it
  const first = known.sender ?? (from.repositoryId === undefined ? from.sender : undefined);
  if (first !== from.sender)
    throw new NotAllowedError(
      `The delivery ${known.id} was not sent by ${from.projectSlug ? `the repository ${from.projectSlug}` : `the holder of this token ("${from.sender.replace('token:', '')}")`}: only its first sender may change it. Remove the folder .fairway of the service and deliver again, which begins a delivery of your own.`,
    );
  // after it: a stranger learns no name of a service
  if (known.service !== incoming.service.name) {
    throw new ConflictError(
      `The delivery ${known.id} is one of the service "${known.service}", and the record names "${incoming.service.name}". Remove the folder .fairway of the service that was copied and deliver again.`,
    );
  }
}

/**
 * A repository that may deliver cannot take over the service of another one by giving its own the same name.
 * @throws NotAllowedError
 */
export async function rejectTakeover(
  database: Knex,
  incoming: DeliveryRecord,
  namespace: string | undefined,
  from: Origin,
): Promise<void> {
  if (from.repositoryId === undefined) return;
  const last = await database<DeliveryRow>('deliveries')
    .where({ service: incoming.service.name, ...(namespace !== undefined && { namespace }) })
    .orderBy('finished_at', 'desc')
    .first();
  if (!last?.repository_id || last.repository_id === from.repositoryId) return;
  throw new NotAllowedError(
    `The service "${incoming.service.name}" is delivered from another repository than ${from.projectSlug}. Give the service another name in fairway.yaml; when it has moved, have one delivery of it sent with an external access token of the portal, after which its new repository may deliver.`,
  );
}

/**
 * A token sends for its owners alone: neither a service that names another owner, nor one that has another owner until now.
 * @param facts absent when the delivery did not get so far as to read fairway.yaml
 * @throws NotAllowedError
 */
export async function rejectOtherOwner(
  database: Knex,
  { service: { name } }: DeliveryRecord,
  facts: ServiceFacts | undefined,
  { owners, sender }: Origin,
): Promise<void> {
  if (owners === 'all') return;
  const ours = (owner: string) => owners.has(ownerReference(owner) ?? '');
  const written = facts?.owner;
  const stored = await ownersOf(database, name, facts?.namespace);
  // who else it belongs to is for those who may see it
  const whose =
    written !== undefined && !ours(written)
      ? written === ''
        ? 'nobody, since its owner is empty'
        : `"${written}"`
      : stored.length > 0 && !stored.some(ours)
        ? 'another owner'
        : undefined;
  if (whose === undefined) return;
  throw new NotAllowedError(
    `The service "${name}" belongs to ${whose}, and the token "${sender.replace('token:', '')}" sends for ${[...owners].join(', ')} alone. Send it with the token of that owner; a service changes its owner by a delivery whose token may send for both.`,
  );
}
