import { createReadStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { openImage } from '@fairway/clients/registry/index';
import { openScanner } from '@fairway/clients/scanner/index';
import type { ScanReport } from '@fairway/clients/scanner/index';
import { predicateTypes, trustedStatements } from '@fairway/clients/sigstore/index';
import { platformFolders, readState } from '@fairway/platform';
import { grypeDatabase } from '@fairway/platform/vulnerabilities/grype-database';
import { readRecord, type StageName } from '@fairway/stage';
import { evidencePath } from '@fairway/stage/evidence';
import { copyExample, giveHostname } from '../e2e/example-copy.ts';
import { expectPass, fairway } from '../e2e/fairway-command.ts';
import type { CommandResult } from '../e2e/fairway-command.ts';
import { platform } from '../e2e/platform.ts';
import { publishDatabase } from '../grype.ts';
import { removeService } from '../remove-service.ts';

jest.setTimeout(60 * 60_000);

const name = 'hello-grype';
const { signal } = new AbortController();
let folder: string;
let result: CommandResult;

beforeAll(async () => {
  expectPass(await fairway(['platform', 'up', '--with', 'grype']));
  folder = await copyExample(name);
  await giveHostname(folder, `${name}.test`);
  result = await fairway(['deliver', folder, '--json', '--scanner', 'grype']);
});

afterAll(async () => {
  await removeService(platform, name);
  await rm(folder, { recursive: true });
  await fairway(['platform', 'up', '--without', 'grype']);
});

/** A document of the record's evidence. */
async function evidence<Content>(stage: StageName, file: string): Promise<Content> {
  const piece = (await readRecord(folder))?.stages[stage]?.evidence.find(({ path }) => path.endsWith(`/${file}`));
  if (!piece) throw new Error(`${stage} left no ${file}.`);
  return JSON.parse(await readFile(evidencePath(folder, piece), 'utf8')) as Content;
}

test('a whole delivery: the scan fails, the image is fixed, scanned, made smaller, pushed and released', () => {
  expect(result.stages.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual([
    ...['prepare pass', 'build pass', 'scan fail', 'remediate pass', 'scan pass', 'optimize pass', 'push pass'],
    ...['deploy pass', 'mesh pass', 'monitor pass', 'load-test pass', 'release pass'],
  ]);
});

test('Grype found it all, by data that says what it lacks, and what was found is gone', async () => {
  const before = await evidence<ScanReport>('remediate', 'findings-before.json');
  const after = await evidence<ScanReport>('remediate', 'findings-after.json');
  const smaller = await evidence<ScanReport>('optimize', 'findings.json');
  for (const report of [before, after, smaller]) {
    expect(report.scanner.name).toBe('grype');
    expect(report.packages['debian']).toBeGreaterThan(50);
    expect(report.notes).toContainEqual(
      expect.stringMatching(/^Only packages of Debian bookworm that have a security/),
    );
  }
  // what the policy of the service lets pass below `high` stays as it is
  const blocking = ({ findings }: ScanReport) =>
    findings.filter(({ fixed, severity }) => fixed !== undefined && ['high', 'critical'].includes(severity));
  expect(blocking(before).length).toBeGreaterThan(0);
  expect(blocking(after)).toEqual([]);
  expect(smaller.packages).toEqual(after.packages);
});

test('Trivy finds the same in the image that was built', async () => {
  const build = (await readRecord(folder))?.stages.build?.outputs['digest'] ?? '';
  const { trivy, database } = platform.scanner;
  const scanner = await openScanner(trivy, signal);
  const byTrivy = await scanner.scan({ layout: join(folder, '.fairway/image'), digest: build, database, signal });
  const byGrype = await evidence<ScanReport>('remediate', 'findings-before.json');
  const found = ({ findings }: ScanReport) =>
    findings.map(({ id, package: of, installed, fixed }) => [id, of, installed, fixed].join(' ')).toSorted();
  expect(found(byGrype)).toEqual(found(byTrivy));
  expect(byGrype.packages).toEqual(byTrivy.packages);
});

test('the registry has the scan as a signed statement of Grype, and its SBOM', async () => {
  const { username, passwordFile } = platform.registry;
  const reference = result.stages.find(({ stage }) => stage === 'push')?.outputs['reference'] ?? '';
  const password = (await readFile(passwordFile, 'utf8')).trim();
  const { client, digest } = await openImage(reference, { username, password }, signal);
  const publicKey = await readFile(platform.signing!.publicKeyFile, 'utf8');
  const { trusted } = await trustedStatements(client, digest, { publicKey });
  const predicate = (type: string) => trusted.findLast(({ predicateType }) => predicateType === type)?.predicate;
  expect(predicate(predicateTypes.scan)).toMatchObject({
    scanner: { uri: 'grype', version: '0.121.3', result: { verdict: 'pass' } },
  });
  expect(JSON.stringify(predicate(predicateTypes.sbom))).toContain('"name":"grype"');
});

test('a mirror that is named takes the place of the database of the platform', async () => {
  const home = join(folder, '.fairway/home');
  const published = join(home, 'published');
  await mkdir(home);
  // Grype takes data of its cache that is younger than five days
  const updatedAt = new Date().toISOString();
  const facts = { platform: 'debian 12', source: '', url: '', updatedAt, nextUpdate: updatedAt, fixes: {} };
  await grypeDatabase((await readState())!.scanner.grype!, facts, published, signal);
  await publishDatabase(published, updatedAt);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('connection', 'close');
    createReadStream(join(published, basename(request.url ?? ''))).pipe(response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/databases`;
  try {
    const flags = ['--scanner', 'grype', '--database-mirrors', mirror, '--from', 'scan', '--to', 'scan'];
    const { state, cache } = platformFolders();
    // the home of Grype's cache, and not of the platform
    const environment = { HOME: home, XDG_STATE_HOME: dirname(state), XDG_CACHE_HOME: dirname(cache) };
    const scan = (await fairway(['deliver', folder, '--json', ...flags], environment)).stages.at(-1);
    expect(scan).toMatchObject({ verdict: 'pass', outputs: { findings: '0' } });
    expect(asked).toEqual(expect.arrayContaining(['/databases/v6/latest.json', expect.stringMatching(/tar\.gz/)]));
  } finally {
    server.close();
  }
});
