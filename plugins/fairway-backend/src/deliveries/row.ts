import type { CodedReason, DeliverySummary } from '@fairway/backstage-plugin-fairway-common';
import type { DeliveryRecord } from '@fairway/stage/record';
import { codedColumn, codedOf } from './coded-column.ts';
import { currentEntries, lastFinish } from './entries.ts';
import type { Origin } from './origin.ts';
import { outcomeOf } from './outcome.ts';
import type { ServiceFacts } from './service-facts.ts';

/** A row of the table `deliveries`. */
export interface DeliveryRow {
  id: string;
  service: string;
  version: number;
  verdict: DeliverySummary['verdict'];
  failed_stage: string | null;
  reason: string;
  /** As `codedColumn` writes it; null where the reason has no code. */
  coded_reason: string | null;
  commit: string | null;
  digest: string | null;
  started_at: string;
  finished_at: string;
  origin: string;
  project_slug: string | null;
  docs: string | null;
  repository_id: string | null;
  environment: string | null;
  cluster: string | null;
  namespace: string | null;
  owner: string | null;
  system: string | null;
  engine: ServiceFacts['engine']['name'] | null;
  model: string | null;
  url: string | null;
  released_revision: string | null;
  released_digest: string | null;
  released_at: string | null;
  objectives_verdict: DeliverySummary['verdict'] | null;
  objectives_reason: string | null;
  objectives_coded: string | null;
  objectives_at: string | null;
  /** When its runner last sent something; null where a replica of an older version wrote it. */
  heard_at: string | null;
  /** JSON of a `RecordCheck`; it is written beside the record. Null where the registry was not asked. */
  record_check?: string | null;
  /** As in `Origin`; null where it was sent before senders were stored, and not by a GitHub run. */
  sender: string | null;
}

/** Rows in which the columns of one question are filled. */
export type With<Column extends keyof DeliveryRow> = DeliveryRow & { [Name in Column]: NonNullable<DeliveryRow[Name]> };

/** Everything that lists and summaries show of a record, drawn from the stages that ran in this delivery. */
export function rowOf(
  record: DeliveryRecord,
  facts: ServiceFacts | undefined,
  namespace: string | undefined,
  from: Origin,
  version: number,
  heard: Date,
): DeliveryRow {
  const entries = currentEntries(record);
  const outcome = outcomeOf(record);
  const began = entries.get('prepare') ?? [...entries.values()][0];
  const pushed = entries.get('push');
  const digest = pushed?.verdict === 'pass' ? (pushed.outputs['digest'] ?? null) : null;
  const release = entries.get('release');
  // one that somebody promoted has all users too, without a verdict of its steps
  const whole = release?.verdict === 'pass' || release?.outputs['promoted-by'] !== undefined;
  const released = whole && release?.outputs['revision'] && digest ? release : undefined;
  const load = entries.get('load-test');
  return {
    id: record.id,
    service: record.service.name,
    version,
    verdict: outcome.verdict,
    failed_stage: outcome.failedStage ?? null,
    reason: outcome.reason,
    coded_reason: codedColumn(outcome),
    commit: record.source.commit ?? from.commit ?? null,
    digest,
    started_at: began?.startedAt ?? lastFinish(record),
    finished_at: lastFinish(record),
    origin: from.origin,
    project_slug: from.projectSlug ?? null,
    docs: record.source.docs ?? null,
    repository_id: from.repositoryId ?? null,
    environment: record.environment ?? null,
    cluster: record.cluster ?? null,
    namespace: namespace ?? null,
    owner: facts?.owner ?? null,
    system: facts?.system ?? null,
    engine: facts?.engine.name ?? null,
    model: facts?.model.name ?? null,
    url: addressOf(entries.get('mesh')?.outputs['url'], facts?.access?.hostname) ?? null,
    released_revision: released?.outputs['revision'] ?? null,
    released_digest: released ? digest : null,
    released_at: released?.finishedAt ?? null,
    objectives_verdict: load?.verdict ?? null,
    objectives_reason: load?.reason ?? null,
    objectives_coded: load ? codedColumn(load) : null,
    objectives_at: load?.finishedAt ?? null,
    heard_at: heard.toISOString(),
    sender: from.sender,
  };
}

/** The gateway by the host name for which it routes to the service: by its bare address it would not get there. */
function addressOf(gateway: string | undefined, hostname: string | undefined): string | undefined {
  const url = gateway === undefined ? null : URL.parse(gateway);
  if (!url) return gateway;
  if (hostname !== undefined) url.hostname = hostname;
  return url.href.replace(/\/$/, '');
}

export function summaryOf(row: DeliveryRow & { readonly coded?: CodedReason }): DeliverySummary {
  const coded = row.coded ?? codedOf(row.coded_reason, row.reason);
  return {
    id: row.id,
    service: row.service,
    environment: row.environment ?? undefined,
    cluster: row.cluster ?? undefined,
    namespace: row.namespace ?? undefined,
    verdict: row.verdict,
    failedStage: row.failed_stage ?? undefined,
    reason: row.reason,
    ...(coded && { coded }),
    commit: row.commit ?? undefined,
    digest: row.digest ?? undefined,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    origin: row.origin,
  };
}
