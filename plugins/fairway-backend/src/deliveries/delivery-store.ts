import { setTimeout as sleep } from 'node:timers/promises';
import { InputError, NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import type { Delivery, DeliverySummary, Ingest, RecordCheck } from '@fairway/backstage-plugin-fairway-common';
import { reasonOf } from '@fairway/service/reasons/reason';
import type { DeliveryRecord } from '@fairway/stage/record';
import type { Knex } from 'knex';
import { codedError } from '../http/coded-error.ts';
import { heldDigests, holdEvidence, readEvidence, sentBefore, writeEvidence } from './evidence-table.ts';
import { mergedRecord } from './merged-record.ts';
import type { Origin } from './origin.ts';
import { rejectOtherOwner, rejectStranger, rejectTakeover } from './rejection.ts';
import { type DeliveryRow, rowOf, summaryOf } from './row.ts';
import { toldAt } from './silence.ts';
import { type ServiceFacts, parseServiceFacts, serviceEvidence } from './service-facts.ts';

/** Tries of one ingest, when other replicas write the same delivery at the same time. */
const attempts = 10;
const pageSize = 50;

export interface Stored {
  readonly id: string;
  readonly service: string;
  /** False when everything was known already. */
  readonly changed: boolean;
  readonly record: DeliveryRecord;
  /** Of the stored row; it grows with each change. */
  readonly version: number;
}

/** Deliveries with their records and evidence. Any number of replicas may use one database at the same time. */
export class DeliveryStore {
  readonly #database: Knex;

  constructor(database: Knex) {
    this.#database = database;
  }

  /**
   * Stores what is new in a record and its evidence. The same again, or an older record late, changes nothing.
   * @param ingest checked by `checkedIngest`
   */
  async ingest(ingest: Ingest, from: Origin): Promise<Stored> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const stored = await this.#database.transaction(transaction => this.#tryIngest(transaction, ingest, from), {
        doNotRejectOnRollback: true,
      });
      if (stored) return stored;
      await sleep(20 * attempt * Math.random());
    }
    throw new ServiceUnavailableError(
      `The delivery ${ingest.record.id} is being written by others at the same time, ${attempts} times in a row. Nothing was stored; send it again.`,
    );
  }

  /** @returns undefined when another writer was faster: the whole must be read again */
  async #tryIngest(transaction: Knex.Transaction, ingest: Ingest, from: Origin): Promise<Stored | undefined> {
    const { record: incoming, evidence } = ingest;
    const known = await readDelivery(transaction, incoming.id);
    if (known) rejectStranger(known.row, incoming, from);

    const record = known ? mergedRecord(known.record, incoming) : incoming;
    await writeEvidence(transaction, evidence);
    const facts = await factsOf(transaction, record, evidence, from.sender);
    const namespace = facts?.namespace ?? (await lastNamespace(transaction, record.service.name, from.sender));
    // a later record of a delivery may name another place than the first one
    if (!known || namespace !== (known.row.namespace ?? undefined))
      await rejectTakeover(transaction, incoming, namespace, from);
    await rejectOtherOwner(transaction, record, facts, from);
    const version = (known?.row.version ?? 0) + 1;
    const stored = { id: record.id, service: record.service.name, record, version };
    const heard = new Date();
    const held = known ? await holdEvidence(transaction, record, evidence, from.sender) : 0;
    if (known && record === known.record && held === 0) {
      await transaction('deliveries').where({ id: record.id }).update({ heard_at: heard.toISOString() });
      return { ...stored, changed: false };
    }

    const row = rowOf(record, facts, namespace, known ? originOf(known.row, from) : from, version, heard);
    if (!(await writeRow(transaction, row, known?.row.version))) {
      await transaction.rollback();
      return undefined;
    }
    const text = JSON.stringify(record);
    await transaction('delivery_records').insert({ id: record.id, record: text }).onConflict('id').merge();
    if (!known) await holdEvidence(transaction, record, evidence, from.sender);
    return { ...stored, changed: true };
  }

  /** All that run now, newest first. */
  async running(): Promise<readonly DeliverySummary[]> {
    const rows: DeliveryRow[] = await this.#database('deliveries')
      .where({ verdict: 'running' })
      .orderBy('started_at', 'desc');
    const now = new Date();
    return rows
      .map(row => toldAt(row, now))
      .filter(({ verdict }) => verdict === 'running')
      .map(summaryOf);
  }

  /**
   * Newest first, 50 at most.
   * @param only `namespaces` are those from which the deliveries may come, default all
   */
  async list(
    service: string,
    only: { readonly namespace?: string; readonly before?: string; readonly namespaces?: readonly string[] } = {},
  ): Promise<readonly DeliverySummary[]> {
    const { namespace, namespaces, before } = only;
    const query = this.#database<DeliveryRow>('deliveries').where({ service });
    if (namespace !== undefined) query.andWhere({ namespace });
    if (namespaces !== undefined) query.whereIn('namespace', namespaces);
    if (before !== undefined) query.andWhere('finished_at', '<', before);
    const rows: DeliveryRow[] = await query.orderBy('finished_at', 'desc').orderBy('id').limit(pageSize);
    const now = new Date();
    return rows.map(row => summaryOf(toldAt(row, now)));
  }

  /**
   * Of which service it is.
   * @throws NotFoundError
   */
  async placeOf(id: string): Promise<{ readonly service: string; readonly namespace?: string }> {
    const row: Pick<DeliveryRow, 'service' | 'namespace'> | undefined = await this.#database('deliveries')
      .where({ id })
      .first('service', 'namespace');
    if (!row) throw unknownDelivery(id);
    return { service: row.service, namespace: row.namespace ?? undefined };
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<Omit<Delivery, 'again'>> {
    const { row, record } = await this.#existing(id);
    return {
      ...summaryOf(toldAt(row, new Date())),
      record,
      ...(row.record_check ? { recordCheck: JSON.parse(row.record_check) as RecordCheck } : {}),
      stored: await heldDigests(this.#database, record),
    };
  }

  /**
   * Stores what the registry said of a delivery's record.
   * @param version of the delivery that was checked: a newer record has an answer of its own
   */
  async checked(id: string, version: number, check: RecordCheck): Promise<void> {
    await this.#database('deliveries')
      .where({ id, version })
      .update({ record_check: JSON.stringify(check) });
  }

  /** @throws NotFoundError when the delivery does not name it or its content was never sent */
  async evidence(id: string, digest: string): Promise<{ readonly mediaType: string; readonly content: string }> {
    const { record } = await this.#existing(id);
    const piece = Object.values(record.stages)
      .flatMap(entry => entry.evidence)
      .find(one => one.digest === digest);
    if (!piece) throw codedError(NotFoundError, reasonOf('answer.unnamedEvidence', { id, digest }));
    const held = (await heldDigests(this.#database, record)).includes(digest);
    const content = held ? await readEvidence(this.#database, digest) : undefined;
    if (content === undefined)
      throw codedError(NotFoundError, reasonOf('answer.unsentEvidence', { path: piece.path, id }));
    return { mediaType: piece.mediaType, content };
  }

  async #existing(id: string) {
    const known = await readDelivery(this.#database, id);
    if (!known) throw unknownDelivery(id);
    return known;
  }
}

export function unknownDelivery(id: string): NotFoundError {
  return codedError(NotFoundError, reasonOf('answer.noDelivery', { id }));
}

async function readDelivery(database: Knex, id: string) {
  const row: (DeliveryRow & { record: string }) | undefined = await database('deliveries')
    .join('delivery_records', 'delivery_records.id', 'deliveries.id')
    .where('deliveries.id', id)
    .first('deliveries.*', 'delivery_records.record');
  return row && { row, record: JSON.parse(row.record) as DeliveryRecord };
}

/** @returns false when the row is no longer, or already, as it was read */
async function writeRow(transaction: Knex.Transaction, row: DeliveryRow, readVersion: number | undefined) {
  if (readVersion !== undefined) {
    return (await transaction('deliveries').where({ id: row.id, version: readVersion }).update(row)) === 1;
  }
  return (await transaction('deliveries').insert(row).onConflict('id').ignore().returning('id')).length === 1;
}

/** Of a delivery that did not get so far as to read fairway.yaml: where its sender delivered the service to the last time. */
async function lastNamespace(database: Knex, service: string, sender: string): Promise<string | undefined> {
  const row: { namespace: string } | undefined = await database('deliveries')
    .where({ service, sender })
    .whereNotNull('namespace')
    .orderBy('finished_at', 'desc')
    .first('namespace');
  return row?.namespace;
}

/** What the first sender proved, whoever of its jobs sends now. */
function originOf(row: DeliveryRow, from: Origin): Origin {
  return {
    ...from,
    origin: row.origin,
    projectSlug: row.project_slug ?? undefined,
    repositoryId: row.repository_id ?? undefined,
    commit: row.commit ?? undefined,
  };
}

async function factsOf(
  transaction: Knex.Transaction,
  record: DeliveryRecord,
  evidence: Ingest['evidence'],
  sender: string,
): Promise<ServiceFacts | undefined> {
  const digest = serviceEvidence(record);
  if (!digest) return undefined;
  const sent = digest in evidence || (await sentBefore(transaction, [digest], { id: record.id, sender })).length > 0;
  const text = sent ? await readEvidence(transaction, digest) : undefined;
  if (text === undefined) {
    throw new InputError(
      `The evidence evidence/prepare/service.json (${digest}) is missing, and without it the portal does not know owner, engine and model. Send its content with the record.`,
    );
  }
  return parseServiceFacts(text, record.service.name);
}
