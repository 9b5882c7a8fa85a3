import { cp, rename, rm } from 'node:fs/promises';
import { openScanner } from '@fairway/clients/scanner/index';
import type { LayoutImage, Scanner } from '@fairway/clients/scanner/index';
import { blobPath, nameImage, readManifest, storeLayersAs } from '@fairway/image';
import { platform } from './platform.ts';
import { storedImage } from './stored-image.ts';

jest.setTimeout(300_000);

const { signal } = new AbortController();
const { trivy, database } = platform.scanner;
let scanner: Scanner;
let image: LayoutImage;

beforeAll(async () => {
  scanner = await openScanner(trivy, signal);
  const { layout, digest } = await storedImage('USER 65532\n');
  // the scanner cuts a path at these
  image = { layout: `${layout.folder}@1:2`, digest };
  await rename(layout.folder, image.layout);
});

afterAll(async () => {
  for (const folder of [image.layout, `${image.layout}.scanner`]) await rm(folder, { recursive: true });
});

test('the base that lags behind its distribution has findings, each with a newer version', async () => {
  const report = await scanner.scan({ ...image, database, signal });
  expect(report.image).toBe(image.digest);
  expect(report.distribution).toMatch(/^debian 12/);
  expect(report.inconclusive).toEqual([]);
  expect(report.databaseDate).toBe((await scanner.database(database))?.date);
  const fixable = report.findings.filter(finding => finding.fixed !== undefined);
  expect(fixable.length).toBeGreaterThan(0);
  for (const finding of fixable) {
    expect(finding.id).toMatch(/^(CVE|DSA|DLA|TEMP)-/);
    expect(finding.installed).not.toBe(finding.fixed);
  }
  const sbom = JSON.parse(report.sbom) as { bomFormat: string; components: readonly { name: string }[] };
  expect(sbom.bomFormat).toBe('CycloneDX');
  expect(sbom.components.map(component => component.name)).toContain('libc6');
});

test.each(['zstd', 'none', 'estargz'] as const)('packages in layers in %s are found', async compression => {
  // with nothing known of the same archives in gzip
  const layout = `${image.layout}-${compression}`;
  await cp(image.layout, layout, { recursive: true });
  const stored = await storeLayersAs({ folder: layout }, { source: image.digest, keep: 0, compression });
  await nameImage({ folder: layout }, 'stored', stored);
  const names = async (of: LayoutImage) => {
    const sbom = JSON.parse(await scanner.sbom(of, signal)) as { components: readonly { name: string }[] };
    return sbom.components.map(({ name }) => name).sort();
  };
  expect(await names({ layout, digest: stored.digest })).toEqual(await names(image));
  for (const folder of [layout, `${layout}.scanner`]) await rm(folder, { recursive: true });
});

test('what is known of the layers stays, and a scan that uses it finds the same', async () => {
  const whole = await scanner.scan({ ...image, database, signal });
  // of the layers nothing but their names in the manifest is left to read
  const { layers } = await readManifest({ folder: image.layout }, image.digest);
  const kept = layers.map(({ digest }) => blobPath({ folder: image.layout }, digest));
  for (const blob of kept) await rename(blob, `${blob}.away`);
  try {
    expect((await scanner.scan({ ...image, database, signal })).findings).toEqual(whole.findings);
    expect(JSON.parse(await scanner.sbom(image, signal)).components).toHaveLength(
      JSON.parse(whole.sbom).components.length,
    );
  } finally {
    for (const blob of kept) await rename(`${blob}.away`, blob);
  }
});

test('without a database nothing was compared, and it says so', async () => {
  const report = await scanner.scan({ ...image, database: '/nowhere', signal });
  expect(report).toMatchObject({ findings: [], inconclusive: ['There is no vulnerability database in /nowhere.'] });
});

test('a scanner that is not there is said with what to do', async () => {
  await expect(openScanner('/nowhere/trivy', signal)).rejects.toThrow(
    'Install Trivy (https://trivy.dev) or Grype (https://github.com/anchore/grype), or say where it lies with the input `scanner`.',
  );
});
