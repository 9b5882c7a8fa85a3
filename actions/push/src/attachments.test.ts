import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DeliveryRecord, StageEntry } from '@fairway/stage';
import { attachmentEvidence, attachments } from './attachments.ts';
import { newFolder } from '../../../test/fixtures/new-folder.ts';

function entry(stage: string, verdict: StageEntry['verdict'], files: readonly string[], stale?: boolean): StageEntry {
  const evidence = files.map(file => ({
    mediaType: 'application/json',
    path: `evidence/${stage}/${file}`,
    digest: `sha256:${stage}`,
  }));
  return { verdict, reason: '', key: '', startedAt: '', finishedAt: '', outputs: {}, evidence, stale };
}

const build = entry('build', 'pass', ['sbom.cdx.json', 'provenance.json', 'layers.json']);
const scan = entry('scan', 'pass', ['findings.json', 'scan.sarif']);
const fixed = ['fix-plan.json', 'findings-before.json', 'findings-after.json', 'sbom.cdx.json'];
const smaller = ['size.json', 'findings.json', 'sbom.cdx.json'];
const record = (stages: DeliveryRecord['stages']): DeliveryRecord => ({
  schemaVersion: 1,
  id: 'a',
  service: { name: 'hello' },
  source: {},
  image: {},
  stages,
});

test.each<[string, DeliveryRecord['stages'], readonly string[]]>([
  ['of the built image', { build, scan }, ['sbom.cdx.json build', 'findings.json scan', 'provenance.json build']],
  [
    'of the patched image',
    { build, scan, remediate: entry('remediate', 'pass', fixed) },
    ['sbom.cdx.json remediate', 'findings.json remediate', 'fix-plan.json remediate', 'provenance.json build'],
  ],
  [
    'of the built image when there was nothing to fix',
    { build, scan, remediate: entry('remediate', 'skipped', fixed) },
    ['sbom.cdx.json build', 'findings.json scan', 'provenance.json build'],
  ],
  [
    'of the image that was made smaller',
    { build, scan, remediate: entry('remediate', 'pass', fixed), optimize: entry('optimize', 'pass', smaller) },
    ['sbom.cdx.json optimize', 'findings.json optimize', 'fix-plan.json remediate', 'provenance.json build'],
  ],
  [
    'with what was decided about findings',
    { build, scan: entry('scan', 'pass', ['findings.json', 'openvex.json']) },
    ['sbom.cdx.json build', 'findings.json scan', 'openvex.json scan', 'provenance.json build'],
  ],
  [
    'not of an older delivery',
    { build, scan: { ...scan, stale: true }, remediate: entry('remediate', 'pass', fixed, true) },
    ['sbom.cdx.json build', 'provenance.json build'],
  ],
])('the evidence is %s', (_name, stages, expected) => {
  const found = attachmentEvidence(record(stages)).map(
    ({ title, evidence }) => `${title} ${evidence.digest.slice('sha256:'.length)}`,
  );
  expect(found).toEqual(expected);
});

test('the provenance is stated of the pushed digest, and the record names it', async () => {
  const folder = newFolder();
  const statement = {
    _type: 't',
    subject: [{ name: 'hello:1', digest: { sha256: 'aa' } }],
    predicate: {
      buildDefinition: { resolvedDependencies: [{ name: 'source', digest: { sha256: 'cc' } }] },
      runDetails: { builder: { id: 'docker' } },
    },
  };
  await writeFile(join(folder, 'sbom.cdx.json'), '{}');
  await writeFile(join(folder, 'provenance.json'), JSON.stringify(statement));
  const context = {
    record: record({ build }),
    evidencePath: (evidence: { path: string }) => join(folder, basename(evidence.path)),
  };
  const image = { reference: 'r/hello@sha256:bb', digest: 'sha256:bb' };
  const written = await attachments(context, 'hello', image);
  expect(written.map(({ title }) => title)).toEqual(['sbom.cdx.json', 'provenance.json', 'delivery.json']);
  expect(JSON.parse(written[1]!.content.toString())).toEqual({
    _type: 't',
    subject: [{ name: 'hello', digest: { sha256: 'bb' } }],
    predicate: {
      buildDefinition: { resolvedDependencies: [{ name: 'source', digest: { sha256: 'cc' } }] },
      runDetails: {
        builder: { id: 'docker' },
        byproducts: [{ name: 'hello:1', digest: { sha256: 'aa' } }],
      },
    },
  });
  expect(JSON.parse(written[2]!.content.toString())).toMatchObject({ id: 'a', image });
});
