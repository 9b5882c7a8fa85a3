import { sourceDigest } from '@fairway/service';
import { readRecord, writeRecord } from './record-file.ts';
import type { Runtime, StageOutcome } from './run-stage.ts';
import type { StageName } from './verdict.ts';

/** An image that was released to one environment and goes to another as it is. */
export interface Promotion {
  /** Environment that has it. */
  readonly from: string;
  readonly reference: string;
  /** `sha256:<hex>` */
  readonly digest: string;
}

/** Stages whose results belong to the image, and go with it from one environment to the next. */
export const imageStages: readonly StageName[] = ['build', 'scan', 'remediate', 'optimize', 'push'];

/**
 * The image that a delivery to an environment takes from another one: the source is that of the record, and it was released
 * there. Undefined where the image has to be made.
 * @param environment that is delivered to; without one nothing is promoted
 */
export async function readPromotion(
  folder: string,
  environment: string | undefined,
  signal?: AbortSignal,
): Promise<Promotion | undefined> {
  if (environment === undefined) return undefined;
  const record = await readRecord(folder);
  const { reference, digest } = record?.image ?? {};
  if (!record || !reference || !digest || record.stages.push?.outputs['reference'] !== reference) return undefined;
  const { release } = record.stages;
  const released = release?.verdict === 'pass' && !release.stale;
  // a delivery that is tried again goes on with the image that it began with
  const from = released && record.environment !== environment ? record.environment : record.promotedFrom;
  if (from === undefined || from === environment) return undefined;
  return record.source.digest === (await sourceDigest(folder, signal)) ? { from, reference, digest } : undefined;
}

/**
 * What a promotion has of a stage: nothing runs, and the result of the delivery before stands. Undefined for a stage that runs in
 * each environment, or that did not run then.
 */
export async function takePromoted(
  stage: StageName,
  { from, digest }: Promotion,
  { folder, now }: Pick<Runtime, 'folder' | 'now'>,
): Promise<StageOutcome | undefined> {
  const began = now().getTime();
  const record = await readRecord(folder);
  const entry = record?.stages[stage];
  if (!record || !entry || !imageStages.includes(stage)) return undefined;
  const standing = { ...entry, stale: undefined };
  await writeRecord(folder, { ...record, promotedFrom: from, stages: { ...record.stages, [stage]: standing } });
  return {
    stage,
    entry: standing,
    unchanged: true,
    why: `delivered to ${from} as ${digest}`,
    milliseconds: now().getTime() - began,
  };
}
