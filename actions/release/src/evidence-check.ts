import { stat } from 'node:fs/promises';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { evidenceDamage } from '@fairway/stage/evidence';
import type { DeliveryRecord, Evidence, StageName } from '@fairway/stage';

/** Stages that must have passed; one of a group is enough. */
const required: readonly (readonly StageName[])[] = [
  ['prepare'],
  ['build'],
  // a patched image was scanned again by remediate
  ['scan', 'remediate'],
  ['optimize'],
  ['push'],
  ['deploy'],
  ['mesh'],
  ['monitor'],
  ['load-test'],
];

/** A stage that had nothing to do says `skipped`, with its reason; `mesh` only where fairway.yaml names the gateway that stands in its place. */
const maySkip: ReadonlySet<StageName> = new Set(['remediate', 'optimize', 'mesh']);

export interface Candidate {
  /** registry/repository@sha256:… */
  readonly image: string;
  readonly revision: string;
}

/** What the record lacks for a release of this very image and version; empty when nothing is missing. */
export function missingEvidence(record: DeliveryRecord, candidate: Candidate): readonly (Reason | string)[] {
  const missing = required.flatMap((group): readonly (Reason | string)[] => {
    if (group.some(stage => stands(record, stage))) return [];
    const states = group.map(stage => {
      const entry = record.stages[stage];
      if (!entry) return reasonOf('release.stageNotRun', { stage });
      if (entry.stale) return reasonOf('release.stageStale', { stage });
      return reasonOf('release.stageVerdict', { stage, verdict: reasonOf(`verdict.of.${entry.verdict}`) });
    });
    return [listOf('list.and', states)];
  });
  const pushed = record.stages.push?.outputs.reference;
  if (pushed && pushed !== candidate.image)
    missing.push(reasonOf('release.otherImage', { found: pushed, image: candidate.image }));
  const deployed = record.stages.deploy?.outputs.revision;
  if (deployed && deployed !== candidate.revision)
    missing.push(reasonOf('release.otherVersion', { found: deployed, revision: candidate.revision }));
  // an earlier record does not say it
  const measured = record.stages['load-test']?.outputs.revision;
  if (measured && measured !== candidate.revision)
    missing.push(reasonOf('release.otherMeasured', { found: measured, revision: candidate.revision }));
  return missing;
}

function stands(record: DeliveryRecord, stage: StageName): boolean {
  const entry = record.stages[stage];
  return (
    entry !== undefined &&
    !entry.stale &&
    (entry.verdict === 'pass' || (entry.verdict === 'skipped' && maySkip.has(stage)))
  );
}

/**
 * What is wrong with the stored evidence. In a job of its own no evidence is on the disk, only the record that travelled:
 * then its digests are all there is, and `travelled` is true.
 */
export async function evidenceProblem(
  folder: string,
  record: DeliveryRecord,
  path: (evidence: Evidence) => string,
): Promise<{ readonly problem: Reason | undefined; readonly travelled: boolean }> {
  const all = Object.values(record.stages).flatMap(entry => entry?.evidence ?? []);
  const present = await Promise.all(all.map(piece => exists(path(piece))));
  if (all.length > 0 && !present.includes(true)) return { problem: undefined, travelled: true };
  return { problem: await evidenceDamage(folder, all), travelled: false };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
