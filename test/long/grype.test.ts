import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openScanner } from '@fairway/clients/scanner/index';
import type { LayoutImage, Scanner } from '@fairway/clients/scanner/index';
import { nameImage } from '@fairway/image';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { runCommand } from '@fairway/platform/command';
import { partsFolder } from '@fairway/platform/folders';
import { grypeDatabase } from '@fairway/platform/vulnerabilities/grype-database';
import { grypePart, vulnerabilityParts } from '@fairway/platform/vulnerabilities/index';
import { publishDatabase } from '../grype.ts';
import { imageOfFiles } from '../image-of-files.ts';

jest.setTimeout(30 * 60_000);

const { signal } = new AbortController();
const updatedAt = '2026-11-20T10:00:00Z';
// GHSA-jjg7-2v4v-x38h and GHSA-35jh-r3h4-6jhm; https://security-tracker.debian.org/tracker/ of each of the others
const facts = {
  ...{ platform: 'debian 12', source: 'Debian and GitHub', url: 'https://security-tracker.debian.org', updatedAt },
  nextUpdate: '2126-11-20T10:00:00Z',
  fixes: {
    glibc: { 'CVE-2024-2961': fact('2.36-9+deb12u6', 'HIGH') },
    expat: { 'CVE-2024-45490': fact('2.5.0-1+deb12u1', 'CRITICAL'), 'CVE-2024-45491': fact('2.5.0-1+deb12u1', 'HIGH') },
    zlib: { 'CVE-2023-45853': fact('1:1.3.dfsg-3', 'CRITICAL') },
  },
  python: { idna: { 'CVE-2024-3651': { ...fact('3.7', 'MEDIUM'), vulnerable: '<3.7' } } },
  node: { lodash: { 'CVE-2021-23337': { ...fact('4.17.21', 'HIGH'), vulnerable: '<4.17.21' } } },
};
const deb = (name: string, source: string, version: string) =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nSource: ${source}\nVersion: ${version}\n\n`;
const python = 'usr/lib/python3.11/site-packages/idna-3.6.dist-info';
const files = {
  'etc/os-release':
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n',
  'etc/debian_version': '12.5\n',
  'var/lib/dpkg/status':
    deb('libc6', 'glibc', '2.36-9+deb12u4') + deb('libexpat1', 'expat', '2.5.0-1') + deb('bash', 'bash', '5.2.15-2+b2'),
  [`${python}/METADATA`]: 'Metadata-Version: 2.1\nName: idna\nVersion: 3.6\n',
  [`${python}/RECORD`]: '',
  'app/node_modules/lodash/package.json': JSON.stringify({ name: 'lodash', version: '4.17.20' }),
};

let root: string;
let grype: string;
let scanners: Readonly<Record<'trivy' | 'grype', Scanner>>;
let databases: Readonly<Record<'trivy' | 'grype', string>>;
let image: LayoutImage;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-grype-'));
  const parts = await ensureParts([...vulnerabilityParts, grypePart], {
    folder: partsFolder(platformFolders()),
    signal,
    progress: () => undefined,
  });
  const program = (name: string) => join(parts.get(name)!, name);
  grype = program('grype');
  databases = { trivy: join(root, 'trivy'), grype: join(root, 'grype') };
  await mkdir(databases.trivy);
  await writeFile(join(root, 'facts.json'), JSON.stringify(facts));
  await runCommand(program('vulnerability-database'), [join(root, 'facts.json'), databases.trivy], { signal });
  await grypeDatabase(grype, facts, databases.grype, signal, { codename: 'bookworm' });
  scanners = { trivy: await openScanner(program('trivy'), signal), grype: await openScanner(grype, signal) };
  // a second image in the layout, as a fix loop leaves one, and a name that scanners cut
  const folder = join(root, 'image@1:2');
  const { descriptor } = await imageOfFiles(folder, files);
  const other = await imageOfFiles(folder, { 'etc/debian_version': '12.5\n' });
  await nameImage(other.layout, 'remediate', other.descriptor);
  await nameImage(other.layout, 'build', descriptor);
  image = { layout: folder, digest: descriptor.digest };
});

afterAll(() => rm(root, { recursive: true }));

test('each says what it is', () => {
  expect(scanners.trivy).toMatchObject({ name: 'trivy', version: '0.58.1' });
  expect(scanners.grype).toMatchObject({ name: 'grype', version: '0.121.3' });
});

test('both find the same in an image, in the same words', async () => {
  const [byTrivy, byGrype] = await Promise.all([
    scanners.trivy.scan({ ...image, database: databases.trivy, signal }),
    scanners.grype.scan({ ...image, database: databases.grype, signal }),
  ]);
  const found = byGrype.findings.map(({ id, severity, package: name, fixed }) => [id, severity, name, fixed]);
  expect(found).toEqual([
    ['CVE-2024-45490', 'critical', 'libexpat1', '2.5.0-1+deb12u1'],
    ['CVE-2024-2961', 'high', 'libc6', '2.36-9+deb12u6'],
    ['CVE-2024-45491', 'high', 'libexpat1', '2.5.0-1+deb12u1'],
    ['CVE-2021-23337', 'high', 'lodash', '4.17.21'],
    ['CVE-2024-3651', 'medium', 'idna', '3.7'],
  ]);
  const same = ({ findings }: typeof byGrype) =>
    findings.map(({ purl: _purl, url: _url, status: _status, title: _title, ...rest }) => rest);
  expect(same(byGrype)).toEqual(same(byTrivy));
  for (const report of [byTrivy, byGrype]) {
    expect(report).toMatchObject({ databaseDate: updatedAt, inconclusive: [], image: image.digest });
    expect(report.packages).toEqual({ debian: 3, 'python-pkg': 1, 'node-pkg': 1 });
    expect(report.distribution).toMatch(/^debian 12/);
  }
});

test('what an SBOM lists is found without the image, and only by the scanner that wrote it', async () => {
  const { sbom, findings } = await scanners.grype.scan({ ...image, database: databases.grype, signal });
  expect(JSON.parse(sbom)).not.toHaveProperty('vulnerabilities');
  const request = { digest: image.digest, signal };
  const again = await scanners.grype.scanSbom({ ...request, sbom: Buffer.from(sbom), database: databases.grype });
  const places = (all: typeof findings) => all.map(({ id, package: name, path, purl }) => [id, name, path, purl]);
  expect(places(again.findings)).toEqual(places(findings));
  expect(again.inconclusive).toEqual([]);

  const other = await scanners.trivy.sbom(image, signal);
  const foreign = await scanners.grype.scanSbom({ ...request, sbom: Buffer.from(other), database: databases.grype });
  expect(foreign.inconclusive).toEqual([
    expect.stringMatching(/^The SBOM is by trivy, of which grype does not read all/),
  ]);
  const turned = await scanners.trivy.scanSbom({ ...request, sbom: Buffer.from(sbom), database: databases.trivy });
  expect(turned.inconclusive).toEqual([
    expect.stringMatching(/^The SBOM is by grype, of which trivy does not read all/),
  ]);
});

test('packages are listed without a vulnerability database', async () => {
  const { components } = JSON.parse(await scanners.grype.sbom(image, signal)) as { components: { name: string }[] };
  const names = components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['libc6', 'libexpat1', 'bash', 'idna', 'lodash']));
});

test('a release that gets no security updates any more is inconclusive without findings', async () => {
  const [database, folder] = [join(root, 'ended'), join(root, 'old')];
  // https://alpinelinux.org/releases/
  await grypeDatabase(grype, { ...facts, platform: 'alpine 3.18', fixes: {} }, database, signal, {
    ended: '2025-05-09T00:00:00Z',
  });
  const { descriptor } = await imageOfFiles(folder, {
    'etc/os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.18.4\n',
    'lib/apk/db/installed': 'P:musl\nV:1.2.4-r1\nA:x86_64\no:musl\n\n',
  });
  const report = await scanners.grype.scan({ layout: folder, digest: descriptor.digest, database, signal });
  expect(report).toMatchObject({ findings: [], packages: { alpine: 1 } });
  expect(report.inconclusive).toEqual([expect.stringMatching(/^alpine 3\.18\.4 no longer gets security updates, so/)]);
});

test('a folder without its database compares nothing, and says so', async () => {
  const report = await scanners.grype.scan({ ...image, database: databases.trivy, signal });
  expect(report.inconclusive).toEqual([`There is no vulnerability database in ${databases.trivy}.`]);
  await expect(scanners.grype.database(databases.trivy)).resolves.toBeUndefined();
  await expect(scanners.grype.database(databases.grype)).resolves.toMatchObject({ date: updatedAt });
});

test('a program that is no scanner is named', async () => {
  await expect(openScanner('true', signal)).rejects.toThrow(/as neither Trivy nor Grype does/);
});

describe('a mirror', () => {
  let server: Server;
  let mirror: string;
  const asked: string[] = [];

  beforeAll(async () => {
    // Grype takes data of its cache that is younger than five days
    const built = new Date().toISOString();
    const folder = join(root, 'published');
    await grypeDatabase(grype, { ...facts, updatedAt: built }, folder, signal, { codename: 'bookworm' });
    await publishDatabase(folder, built);
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      readFile(join(folder, basename(request.url ?? ''))).then(
        content => response.end(content),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/databases`;
  });

  afterAll(() => server.close());

  test('is asked after one that is not there, and its database stays for the next run', async () => {
    const cache = join(root, 'stored');
    const open = (mirrors: readonly string[]) => openScanner(grype, signal, { mirrors, cache });
    const first = await (await open(['http://127.0.0.1:1/databases', mirror])).scan({ ...image, signal });
    expect(first.inconclusive).toEqual([]);
    expect(first.findings).toHaveLength(5);
    expect(asked[0]).toBe('/databases/v6/latest.json');
    asked.length = 0;
    const again = await (await open([mirror])).scan({ ...image, signal });
    expect(again.findings).toEqual(first.findings);
    expect(new Set(asked)).toEqual(new Set(['/databases/v6/latest.json']));
  });

  test('that has none is named with what it answered, and nothing reads as clean', async () => {
    const mirrors = ['http://127.0.0.1:1/databases', `${mirror}/nothing.json`];
    const scanner = await openScanner(grype, signal, { mirrors, cache: join(root, 'none') });
    const { inconclusive, findings } = await scanner.scan({ ...image, signal });
    expect(findings).toEqual([]);
    expect(inconclusive).toHaveLength(1);
    expect(inconclusive[0]).toMatch(/http:\/\/127\.0\.0\.1:1\/databases: .*connection refused/);
    expect(inconclusive[0]).toMatch(/nothing\.json: .*404/);
    expect(inconclusive[0]).toContain('`database-mirrors`');
    expect(inconclusive[0]).not.toContain('\n');
  });
});

function fact(version: string, severity: string) {
  return { version, severity, title: 'A hole', url: 'https://example.com' };
}
