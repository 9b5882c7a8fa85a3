import type { AuditorService, LoggerService } from '@backstage/backend-plugin-api';
import type { EventsService } from '@backstage/plugin-events-node';
import { type DeliveryStored, fairwayEventsTopic, type ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { callerName } from '../access/caller.ts';
import type { Senders } from '../access/senders.ts';
import { audited } from '../audited.ts';
import type { ChangeSignals } from '../change-signals.ts';
import type { Call } from '../http/mount.ts';
import type { Redaction } from '../redaction.ts';
import { checkedIngest } from './checked-ingest.ts';
import type { DeliveryStore, Stored } from './delivery-store.ts';
import { originOf } from './origin.ts';
import { checkRecord, type Registries } from './record-check.ts';

/** Milliseconds in which a registry answers, with its pauses. */
const longestCheck = 60_000;

export interface IngestServices {
  readonly store: DeliveryStore;
  readonly auditor: AuditorService;
  readonly events: EventsService;
  readonly signals: ChangeSignals;
  readonly logger: LoggerService;
  readonly senders: Senders;
  readonly redaction: Redaction;
  readonly registries: Registries;
  /** Aborts when the portal ends. */
  readonly end: AbortSignal;
}

/** Stores a record that was sent, and tells the audit log, the catalog and the open pages. */
export function ingestHandler(services: IngestServices) {
  const { store, auditor, events, signals, logger, senders, redaction } = services;
  return async ({ body, caller, request }: Call<'ingest'>): Promise<ResponseOf<'ingest'>> => {
    const { record } = body;
    // not checked yet, so no longer than what could be right
    const meta = {
      delivery: record.id.slice(0, 64),
      service: record.service.name.slice(0, 63),
      sender: callerName(caller),
    };
    const stored = await audited(auditor, { eventId: 'delivery-ingest', request, caller, meta }, async () => {
      const from = originOf(caller, record, senders);
      // the digests of the evidence are those of what its stage wrote, so it is redacted after they were checked
      return store.ingest(redaction.value(checkedIngest(body, new Date())), from);
    });
    if (stored.changed) {
      logger.info(`Stored the delivery ${stored.id} of ${stored.service}, sent by ${callerName(caller)}.`);
      signals.tell('deliveries');
      const eventPayload: DeliveryStored = { id: stored.id, service: stored.service };
      await events.publish({ topic: fairwayEventsTopic, eventPayload });
      // no sender waits for a registry
      void verify(stored, services);
    }
    return { id: stored.id, changed: stored.changed };
  };
}

async function verify(
  { id, version, record }: Stored,
  { store, signals, logger, redaction, registries, end }: IngestServices,
): Promise<void> {
  try {
    const check = await checkRecord(record, registries, AbortSignal.any([end, AbortSignal.timeout(longestCheck)]));
    if (!check) return;
    await store.checked(id, version, redaction.value(check));
    signals.tell('deliveries');
  } catch (error) {
    if (!end.aborted) logger.warn(`The record of the delivery ${id} was not verified: ${(error as Error).message}`);
  }
}
