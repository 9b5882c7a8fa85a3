import { readFile } from 'node:fs/promises';
import type { Artifact } from '@fairway/clients/registry/index';
import type { DeliveryRecord, Evidence, StageContext, StageName } from '@fairway/stage';
import { pushedProvenance } from './provenance.ts';
import type { PushingRun } from './provenance.ts';
import { pushedVex } from './vex.ts';

interface Found {
  readonly title: string;
  readonly evidence: Evidence;
}

/**
 * The evidence of the record that speaks of the image that is pushed: packages and findings of the one that `optimize` made, else of
 * the patched one, else of the built one; what was done to fix it and decided about the rest; where it
 * comes from.
 */
export function attachmentEvidence(record: DeliveryRecord): readonly Found[] {
  const passed = (stage: StageName) => standing(record, stage)?.verdict === 'pass';
  const patched = passed('remediate');
  const described = passed('optimize')
    ? (['optimize', 'optimize', 'findings.json'] as const)
    : patched
      ? (['remediate', 'remediate', 'findings-after.json'] as const)
      : (['build', 'scan', 'findings.json'] as const);
  const [listed, scanned, findings] = described;
  const wanted: readonly (readonly [StageName, string, string])[] = [
    [listed, 'sbom.cdx.json', 'sbom.cdx.json'],
    [scanned, findings, 'findings.json'],
    ...(patched ? ([['remediate', 'fix-plan.json', 'fix-plan.json']] as const) : []),
    ['scan', 'openvex.json', 'openvex.json'],
    ['build', 'provenance.json', 'provenance.json'],
  ];
  return wanted.flatMap(([stage, file, title]) => {
    const evidence = standing(record, stage)?.evidence.find(({ path }) => path.endsWith(`/${file}`));
    return evidence ? [{ title, evidence }] : [];
  });
}

function standing(record: DeliveryRecord, stage: StageName) {
  const entry = record.stages[stage];
  return entry?.stale ? undefined : entry;
}

/** Documents that name the image that they are about; those of an image that was made smaller since name the pushed one. */
const ofPushed: Readonly<
  Record<string, (document: string, name: string, digest: string, run: PushingRun | undefined) => string>
> = {
  'provenance.json': pushedProvenance,
  'openvex.json': pushedVex,
};

/** The documents that are attached to the pushed image, the delivery record last. */
export async function attachments(
  context: Pick<StageContext, 'record' | 'evidencePath'>,
  name: string,
  image: { readonly reference: string; readonly digest: string },
  run?: PushingRun,
): Promise<readonly Artifact[]> {
  const documents: Artifact[] = [];
  for (const { title, evidence } of attachmentEvidence(context.record)) {
    const content = await readFile(context.evidencePath(evidence));
    const restate = ofPushed[title];
    const written = restate ? Buffer.from(restate(content.toString('utf8'), name, image.digest, run)) : content;
    documents.push({ artifactType: evidence.mediaType, content: written, title });
  }
  const record: DeliveryRecord = { ...context.record, image };
  return [
    ...documents,
    {
      artifactType: 'application/vnd.fairway.delivery+json',
      content: Buffer.from(JSON.stringify(record, null, 2)),
      title: 'delivery.json',
    },
  ];
}
