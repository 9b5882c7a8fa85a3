import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openRepository, parseRepository, putBlob, putManifest } from '@fairway/clients/registry/index';
import { openScanner } from '@fairway/clients/scanner/index';
import type { Scanner } from '@fairway/clients/scanner/index';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder } from '@fairway/platform/folders';
import { machineParts } from '@fairway/platform/machine-parts';
import { vulnerabilityParts } from '@fairway/platform/vulnerabilities/index';
import { startRegistry } from '../registry.ts';
import type { PlainRegistry } from '../registry.ts';

jest.setTimeout(300_000);

const run = promisify(execFile);
const { signal } = new AbortController();
const updatedAt = '2026-11-20T10:00:00Z';
let root: string;
let trivy: string;
let registry: PlainRegistry;
let mirror: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-mirrors-'));
  const parts = await ensureParts(
    [...machineParts.filter(({ name }) => name === 'containers'), ...vulnerabilityParts],
    { folder: partsFolder(platformFolders()), signal, progress: () => undefined },
  );
  trivy = join(parts.get('trivy')!, 'trivy');
  await mkdir(join(root, 'registry'));
  registry = await startRegistry(parts.get('containers')!, join(root, 'registry'));
  mirror = `${registry.address}/mirror/trivy-db:2`;
  await pushDatabase(join(parts.get('vulnerability-database')!, 'vulnerability-database'));
});

afterAll(async () => {
  await registry?.stop();
  await rm(root, { recursive: true });
});

test('a mirror that is not there costs nothing, and the database stays for the next run', async () => {
  const source = { mirrors: ['127.0.0.1:1/trivy-db:2', mirror], cache: join(root, 'stored') };
  const report = await scan(await openScanner(trivy, signal, source));
  expect(report).toMatchObject({ databaseDate: updatedAt, inconclusive: [], packages: { debian: 1 } });
  expect(report.findings).toMatchObject([{ id: 'CVE-2026-0001', package: 'libc6', fixed: '2.36-10' }]);
  // no mirror answers any more, and none is needed before the next update
  const again = await scan(await openScanner(trivy, signal, { ...source, mirrors: ['127.0.0.1:1/trivy-db:2'] }));
  expect(again.findings).toEqual(report.findings);
});

test('when no mirror has it, each is named with what it answered, and nothing reads as clean', async () => {
  const mirrors = ['127.0.0.1:1/trivy-db:2', `${registry.address}/nothing/here:2`];
  const { inconclusive, findings } = await scan(
    await openScanner(trivy, signal, { mirrors, cache: join(root, 'empty') }),
  );
  expect(findings).toEqual([]);
  expect(inconclusive).toHaveLength(1);
  expect(inconclusive[0]).toMatch(/127\.0\.0\.1:1\/trivy-db:2: .*connection refused/);
  expect(inconclusive[0]).toMatch(/nothing\/here:2: .*(NAME|MANIFEST)_UNKNOWN/i);
  expect(inconclusive[0]).toContain('`database-mirrors`');
  expect(inconclusive[0]).not.toContain('\n');
});

/** Scans one package of Debian that the database knows. */
function scan(scanner: Scanner) {
  const property = (name: string, value: string) => ({ name: `aquasecurity:trivy:${name}`, value });
  const purl = 'pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12.5';
  const sbom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { 'bom-ref': 'image', type: 'container', name: 'image' } },
    components: [
      {
        ...{ 'bom-ref': 'system', type: 'operating-system', name: 'debian', version: '12.5' },
        properties: [property('Class', 'os-pkgs'), property('Type', 'debian')],
      },
      {
        ...{ 'bom-ref': purl, type: 'library', name: 'libc6', version: '2.36-9', purl },
        properties: [
          property('PkgType', 'debian'),
          property('SrcName', 'glibc'),
          property('SrcVersion', '2.36'),
          property('SrcRelease', '9'),
        ],
      },
    ],
    dependencies: [
      { ref: 'image', dependsOn: ['system'] },
      { ref: 'system', dependsOn: [purl] },
    ],
  };
  return scanner.scanSbom({ sbom: Buffer.from(JSON.stringify(sbom)), digest: `sha256:${'0'.repeat(64)}`, signal });
}

/** As Trivy's project publishes it: an artifact with one archive. */
async function pushDatabase(program: string): Promise<void> {
  const folder = join(root, 'database');
  const fix = { version: '2.36-10', severity: 'HIGH', title: 'A hole', url: 'https://example.com' };
  const document = {
    ...{ platform: 'debian 12', source: 'test', url: 'https://example.com', updatedAt },
    nextUpdate: '2126-11-20T10:00:00Z',
    fixes: { glibc: { 'CVE-2026-0001': fix } },
  };
  await mkdir(folder);
  await writeFile(join(root, 'document.json'), JSON.stringify(document));
  await run(program, [join(root, 'document.json'), folder]);
  await run('tar', ['-C', folder, '-czf', join(root, 'db.tar.gz'), 'trivy.db', 'metadata.json']);
  const client = openRepository(parseRepository(`${registry.address}/mirror/trivy-db`), {}, signal);
  const type = 'application/vnd.aquasec.trivy';
  await putManifest(
    client,
    'application/vnd.oci.image.manifest.v1+json',
    {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: await putBlob(client, `${type}.config.v1+json`, Buffer.from('{}')),
      layers: [
        {
          ...(await putBlob(client, `${type}.db.layer.v1.tar+gzip`, await readFile(join(root, 'db.tar.gz')))),
          annotations: { 'org.opencontainers.image.title': 'db.tar.gz' },
        },
      ],
    },
    '2',
  );
}
