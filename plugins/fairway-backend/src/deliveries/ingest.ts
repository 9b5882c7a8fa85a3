import type { AuditorService, LoggerService } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import type { EventsService } from '@backstage/plugin-events-node';
import { type DeliveryStored, fairwayEventsTopic, type ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import type { DeliveryRecord } from '@fairway/stage/record';
import { type Caller, callerName } from '../access/caller.ts';
import { audited } from '../audited.ts';
import type { ChangeSignals } from '../change-signals.ts';
import type { Call } from '../http/mount.ts';
import { checkedIngest } from './checked-ingest.ts';
import type { DeliveryStore } from './delivery-store.ts';
import type { Origin } from './row.ts';

export interface IngestServices {
  readonly store: DeliveryStore;
  readonly auditor: AuditorService;
  readonly events: EventsService;
  readonly signals: ChangeSignals;
  readonly logger: LoggerService;
}

/** Stores a record that was sent, and tells the audit log, the catalog and the open pages. */
export function ingestHandler({ store, auditor, events, signals, logger }: IngestServices) {
  return async ({ body, caller, request }: Call<'ingest'>): Promise<ResponseOf<'ingest'>> => {
    const { record } = body;
    // not checked yet, so no longer than what could be right
    const meta = {
      delivery: record.id.slice(0, 64),
      service: record.service.name.slice(0, 63),
      sender: callerName(caller),
    };
    const stored = await audited(auditor, { eventId: 'delivery-ingest', request, caller, meta }, async () => {
      const from = originOf(caller, record);
      return store.ingest(checkedIngest(body, new Date()), from);
    });
    if (stored.changed) {
      logger.info(`Stored the delivery ${stored.id} of ${stored.service}, sent by ${callerName(caller)}.`);
      signals.tell('deliveries');
      const eventPayload: DeliveryStored = { id: stored.id, service: stored.service };
      await events.publish({ topic: fairwayEventsTopic, eventPayload });
    }
    return { id: stored.id, changed: stored.changed };
  };
}

/** What the sender proved; nothing of it is taken from the record. */
function originOf(caller: Caller, record: DeliveryRecord): Origin {
  if (caller.kind !== 'github') return { origin: 'laptop' };
  const { run } = caller;
  const { commit } = record.source;
  if (commit !== undefined && commit !== run.commit) {
    throw new NotAllowedError(
      `The delivery ${record.id} is of the commit ${commit}, and the run ${run.url} is of ${run.commit}: a run may only send the delivery that it made. Deliver again in this run.`,
    );
  }
  return {
    origin: run.url,
    projectSlug: run.repository,
    repositoryId: run.repositoryId,
    commit: run.commit,
  };
}
