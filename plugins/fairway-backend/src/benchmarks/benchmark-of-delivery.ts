import type { Benchmark } from '@fairway/backstage-plugin-fairway-common';
import type { DeliveryRecord } from '@fairway/stage/record';
import { z } from 'zod';
import { currentEntries } from '../deliveries/entries.ts';
import type { ServiceFacts } from '../deliveries/service-facts.ts';
import { parsedJson } from './parsed-json.ts';

const loadEvidencePath = 'evidence/load-test/load.json';

/** The part of the load test's evidence from which the figures follow. */
const loadSchema = z.object({
  checks: z.array(z.object({ name: z.string(), value: z.number().optional() })),
  requests: z.array(
    z.object({
      scheduled: z.number(),
      late: z.number(),
      ttftFromScheduled: z.number().optional(),
      duration: z.number(),
      tokens: z.number(),
      error: z.string().optional(),
    }),
  ),
});

/** Digest of the evidence that holds the figures of a load test whose objectives held. */
export function loadEvidence(record: DeliveryRecord): string | undefined {
  const entry = currentEntries(record).get('load-test');
  if (entry?.verdict !== 'pass') return undefined;
  return entry.evidence.find(piece => piece.path === loadEvidencePath)?.digest;
}

/**
 * What the load test of a delivery says of its engine; nothing when the evidence does not hold the figures, as that of
 * another version of Fairway may not.
 * @param version of the engine, as the image's bill of materials tells it
 */
export function benchmarkOfDelivery(
  record: DeliveryRecord,
  facts: ServiceFacts,
  load: string,
  version: string | undefined,
): Benchmark | undefined {
  const entries = currentEntries(record);
  const entry = entries.get('load-test');
  const parsed = loadSchema.safeParse(parsedJson(load));
  if (!parsed.success || !entry) return undefined;
  const answered = parsed.data.requests.filter(one => one.error === undefined);
  const end = Math.max(0, ...parsed.data.requests.map(one => one.scheduled + one.late + one.duration));
  const tokens = answered.reduce((sum, one) => sum + one.tokens, 0);
  const ttft = nearestRank(
    answered.flatMap(one => (one.ttftFromScheduled === undefined ? [] : [one.ttftFromScheduled])),
    95,
  );
  const goodput = parsed.data.checks.find(check => check.name === 'goodput')?.value;
  if (!(tokens > 0 && end > 0) || !(ttft !== undefined && ttft > 0) || goodput === undefined) return undefined;
  const digest = entries.get('push')?.outputs['digest'] ?? record.source.digest ?? '';
  return {
    engine: facts.engine.name,
    version: version ?? `image ${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`,
    model: facts.model.name,
    hardware: facts.resources.gpu
      ? `${facts.resources.gpu.count} × ${facts.resources.gpu.class}`
      : `CPU ${facts.resources.cpu}`,
    source: record.id,
    measuredAt: entry.finishedAt,
    tokensPerSecond: Math.round((tokens / (end / 1000)) * 100) / 100,
    timeToFirstTokenP95: ttft,
    goodput,
  };
}

function nearestRank(values: readonly number[], rank: number): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)];
}
