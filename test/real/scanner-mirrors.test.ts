import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { openRepository, parseRepository, putBlob, putManifest } from '@fairway/clients/registry/index';
import { openScanner } from '@fairway/clients/scanner/index';
import type { Scanner } from '@fairway/clients/scanner/index';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder } from '@fairway/platform/folders';
import { machineParts } from '@fairway/platform/machine-parts';
import { vulnerabilityParts } from '@fairway/platform/vulnerabilities/index';
import { imageOfFiles } from '../image-of-files.ts';
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

test('what a Java archive does not say of itself a mirror does, after one that is not there, and it stays', async () => {
  const content = 'Manifest-Version: 1.0\r\n\r\n';
  const archive = zipOf('META-INF/MANIFEST.MF', Buffer.from(content));
  const java = `${registry.address}/mirror/trivy-java-db:1`;
  await pushJavaDatabase(createHash('sha1').update(archive).digest());
  const { layout, descriptor } = await imageOfFiles(join(root, 'java'), {
    'etc/debian_version': '12.5\n',
    'app/thing.jar': archive,
  });
  const image = { layout: layout.folder, digest: descriptor.digest };
  const source = { javaMirrors: ['127.0.0.1:1/trivy-java-db:1', java], cache: join(root, 'java-cache') };
  const listed = async (given: typeof source) => {
    await rm(`${layout.folder}.scanner`, { recursive: true, force: true });
    return (await openScanner(trivy, signal, given)).sbom(image, signal);
  };
  expect(await listed(source)).toContain('pkg:maven/org.example/thing@1.2');
  const dead = { ...source, javaMirrors: ['127.0.0.1:1/trivy-java-db:1'] };
  expect(await listed(dead)).toContain('pkg:maven/org.example/thing@1.2');

  await expect(listed({ ...dead, cache: join(root, 'none') })).rejects.toThrow(
    /127\.0\.0\.1:1\/trivy-java-db:1: .*connection refused.*`java-database-mirrors`/,
  );
  await rm(`${layout.folder}.scanner`, { recursive: true, force: true });
  const scanner = await openScanner(trivy, signal, { ...dead, mirrors: [mirror], cache: join(root, 'none') });
  const { inconclusive } = await scanner.scan({ ...image, signal });
  expect(inconclusive).toEqual([expect.stringMatching(/connection refused.*`java-database-mirrors`/)]);
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
  await pushArchive('trivy-db', 'db', '2', await readFile(join(root, 'db.tar.gz')));
}

/** The tables are those of trivy-java-db (pkg/db): one archive, by its SHA-1. */
async function pushJavaDatabase(sha1: Buffer): Promise<void> {
  const folder = join(root, 'java-database');
  await mkdir(folder);
  const database = new DatabaseSync(join(folder, 'trivy-java.db'));
  database.exec(`CREATE TABLE artifacts (id INTEGER PRIMARY KEY, group_id TEXT, artifact_id TEXT);
    CREATE TABLE indices (artifact_id INTEGER, version TEXT, sha1 BLOB, archive_type TEXT);
    INSERT INTO artifacts VALUES (1, 'org.example', 'thing');`);
  database.prepare("INSERT INTO indices VALUES (1, '1.2', ?, 'jar')").run(sha1);
  database.close();
  const dates = { NextUpdate: '2126-11-20T10:00:00Z', UpdatedAt: updatedAt, DownloadedAt: updatedAt };
  await writeFile(join(folder, 'metadata.json'), JSON.stringify({ Version: 1, ...dates }));
  await run('tar', ['-C', folder, '-czf', join(root, 'javadb.tar.gz'), 'trivy-java.db', 'metadata.json']);
  await pushArchive('trivy-java-db', 'javadb', '1', await readFile(join(root, 'javadb.tar.gz')));
}

async function pushArchive(repository: string, name: string, tag: string, archive: Buffer): Promise<void> {
  const client = openRepository(parseRepository(`${registry.address}/mirror/${repository}`), {}, signal);
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
          ...(await putBlob(client, `${type}.${name}.layer.v1.tar+gzip`, archive)),
          annotations: { 'org.opencontainers.image.title': `${name}.tar.gz` },
        },
      ],
    },
    tag,
  );
}

/** A ZIP archive with one file that is not compressed: its local header, and its place in the directory at the end. */
function zipOf(name: string, content: Buffer): Buffer {
  const common = Buffer.alloc(26);
  common.writeUInt16LE(10, 0);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), content]);
  const made = Buffer.from([10, 0]);
  const entry = Buffer.concat([Buffer.from('PK\x01\x02'), made, common, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(entry.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, entry, Buffer.from('PK\x05\x06'), end]);
}
