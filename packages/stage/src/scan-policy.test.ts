import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadServiceFile } from '@fairway/service';
import { scanPolicy } from './scan-policy.ts';

const example = join(import.meta.dirname, '../../../examples/hello-llm');
let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'fairway-policy-'))));
afterEach(() => rm(folder, { recursive: true }));

test('the packages of the base branch are those of its SBOM', async () => {
  const file = await loadServiceFile(example);
  const sbom = join(folder, 'sbom.cdx.json');
  await writeFile(sbom, JSON.stringify({ components: [{ name: 'debian' }, { purl: 'pkg:deb/debian/zlib1g@1' }] }));
  await expect(scanPolicy(file, { 'base-sbom': sbom })).resolves.toMatchObject({
    product: file.service.name,
    base: ['pkg:deb/debian/zlib1g@1'],
  });
  await expect(scanPolicy(file, {})).resolves.toMatchObject({ base: [] });
});

test.each([
  ['is not there', undefined],
  ['is not JSON', '<bom/>'],
])('a document that %s is named', async (_name, content) => {
  const sbom = join(folder, 'sbom.cdx.json');
  if (content) await writeFile(sbom, content);
  await expect(scanPolicy(await loadServiceFile(example), { 'base-sbom': sbom })).rejects.toThrow(
    `The input base-sbom is "${sbom}", which is no CycloneDX document in JSON`,
  );
});
