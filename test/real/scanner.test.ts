import { rename, rm } from 'node:fs/promises';
import { findDatabase, openScanner } from '@fairway/clients/scanner/index';
import type { LayoutImage, Scanner } from '@fairway/clients/scanner/index';
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

afterAll(() => rm(image.layout, { recursive: true }));

test('the base that lags behind its distribution has findings, each with a newer version', async () => {
  const report = await scanner.scan({ ...image, database, signal });
  expect(report.image).toBe(image.digest);
  expect(report.distribution).toMatch(/^debian 12/);
  expect(report.inconclusive).toEqual([]);
  expect(report.databaseDate).toBe((await findDatabase(database))?.date);
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

test('without a database nothing was compared, and it says so', async () => {
  const report = await scanner.scan({ ...image, database: '/nowhere', signal });
  expect(report).toMatchObject({ findings: [], inconclusive: ['There is no vulnerability database in /nowhere.'] });
});

test('a scanner that is not there is said with what to do', async () => {
  await expect(openScanner('/nowhere/trivy', signal)).rejects.toThrow(
    'Install Trivy (https://trivy.dev), or say where it lies with the input `scanner`.',
  );
});
