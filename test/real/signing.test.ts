import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  attachArtifact,
  fallbackTag,
  getManifest,
  headManifest,
  listReferrers,
  manifestTypes,
  openRepository,
  parseRepository,
  pushImage,
  putBlob,
  putManifest,
} from '@fairway/clients/registry/index';
import { signedArtifacts } from '../../actions/push/src/sign.ts';
import { scanVex } from '../../actions/scan/src/vex.ts';
import { registryProblem } from '../../actions/release/src/registry-check.ts';
import { signatureProblem } from '../../actions/release/src/signature-check.ts';
import { english } from '@fairway/service/reasons/delivery-reason';
import { mediaTypes } from '@fairway/image';
import type { ImageManifest } from '@fairway/image';
import type { DeliveryRecord } from '@fairway/stage';
import { vaultTransit } from '../fixtures/key-services.ts';
import { imageOfFiles } from '../image-of-files.ts';
import { cosignProgram } from './cosign.ts';
import { platform, registryPassword } from './platform.ts';

async function problemOf(...of: Parameters<typeof signatureProblem>): Promise<string | undefined> {
  const problem = await signatureProblem(...of);
  return problem && english(problem);
}

jest.setTimeout(300_000);

const name = `${platform.registry.address}/fairway-test/signing`;
const { signal } = new AbortController();
const run = promisify(execFile);
const { username } = platform.registry;
const client = openRepository(parseRepository(name), { username, password: registryPassword }, signal);
const log = { info() {}, warning() {}, annotate() {}, progress() {} };
const documents = [
  ['sbom.cdx.json', { bomFormat: 'CycloneDX', specVersion: '1.6', components: [] }],
  ['findings.json', { image: 'x', scanner: { name: 'trivy', version: '0.58.1' }, findings: [], packages: {} }],
  [
    'openvex.json',
    scanVex(
      { name: 'signing', owner: 'team-a', image: `sha256:${'0'.repeat(64)}` },
      { accepted: [], stated: [] },
      [{ id: 'CVE-2026-1', severity: 'high', package: 'a', ecosystem: 'debian', installed: '1', title: '' }],
      new Date(),
    ),
  ],
  [
    'provenance.json',
    {
      predicate: {
        buildDefinition: {
          buildType: 'x',
          resolvedDependencies: [
            { uri: 'git+https://github.com/team/service@refs/heads/main', digest: { gitCommit: 'c'.repeat(40) } },
          ],
        },
        runDetails: { builder: { id: 'x' } },
      },
    },
  ],
].map(([title, content]) => ({
  title: String(title),
  artifactType: 'application/json',
  content: Buffer.from(JSON.stringify(content)),
}));
const scanned = (verdict: 'pass' | 'fail') =>
  ({ stages: { scan: { verdict, reason: `it is a ${verdict}` } } }) as unknown as DeliveryRecord;

let folder: string;
let cosign: string;
let own: { readonly key: string; readonly passphrase: string; readonly publicKey: string };

/** Pushes an image of its own, and signs it with cosign's key or another. */
async function pushed(
  tag: string,
  record = scanned('pass'),
  signed = documents,
  key: Partial<Parameters<typeof signedArtifacts>[0]> = {},
): Promise<string> {
  const { layout, descriptor } = await imageOfFiles(join(folder, tag), { test: `${process.pid}-${tag}` });
  const { digest } = descriptor;
  const { descriptor: subject } = await pushImage(client, layout, {
    digest,
    tag: `${process.pid}-${tag}`,
    progress() {},
  });
  const inputs = {
    'signing-key': own.key,
    'signing-passphrase': own.passphrase,
    keyless: false,
    'id-token-url': undefined,
    'id-token-request': undefined,
    'vault-address': undefined,
    'vault-token': undefined,
    ...key,
  };
  for (const artifact of await signedArtifacts(inputs, signed, { record, signal, log }, { name: 'signing', digest }))
    await attachArtifact(client, subject, artifact);
  return digest;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-signing-'));
  cosign = await cosignProgram();
  const passphrase = 'only for this test';
  await run(cosign, ['generate-key-pair'], { cwd: folder, env: { ...process.env, COSIGN_PASSWORD: passphrase } });
  await writeFile(
    join(folder, 'config.json'),
    JSON.stringify({
      auths: {
        [platform.registry.address]: { auth: Buffer.from(`${username}:${registryPassword}`).toString('base64') },
      },
    }),
  );
  // without one it fetches that of sigstore.dev, which has no part in a signature by a key
  const mediaType = 'application/vnd.dev.sigstore.trustedroot+json;version=0.1';
  await writeFile(join(folder, 'root.json'), JSON.stringify({ mediaType }));
  const [key, publicKey] = await Promise.all(
    ['cosign.key', 'cosign.pub'].map(file => readFile(join(folder, file), 'utf8')),
  );
  own = { key: key!, passphrase, publicKey: publicKey! };
});

afterAll(() => rm(folder, { recursive: true }));

/** What cosign says of a statement about an image: the statement, or why it does not count. */
async function verified(digest: string, type: string, key = 'cosign.pub'): Promise<unknown> {
  const offline = ['--new-bundle-format', '--insecure-ignore-tlog', '--trusted-root', 'root.json'];
  const given = ['--key', key, ...offline, '--type', type, `${name}@${digest}`];
  const env = { ...process.env, DOCKER_CONFIG: folder };
  const { stdout } = await run(cosign, ['verify-attestation', ...given], { cwd: folder, env });
  const { payload } = JSON.parse(stdout.trim().split('\n')[0]!) as { payload: string };
  return JSON.parse(Buffer.from(payload, 'base64').toString('utf8'));
}

test('cosign verifies what push signs with a key that cosign made', async () => {
  const digest = await pushed('signed');
  const subject = [{ name: 'signing', digest: { sha256: digest.slice('sha256:'.length) } }];
  await expect(verified(digest, 'https://sigstore.dev/cosign/sign/v1')).resolves.toMatchObject({ subject });
  await expect(verified(digest, 'slsaprovenance1')).resolves.toMatchObject({
    subject,
    predicate: { buildDefinition: { buildType: 'x' } },
  });
  await expect(verified(digest, 'cyclonedx')).resolves.toMatchObject({
    subject,
    predicate: { bomFormat: 'CycloneDX' },
  });
  await expect(verified(digest, 'vuln')).resolves.toMatchObject({
    subject,
    predicate: { scanner: { version: '0.58.1', result: { verdict: 'pass' } } },
  });
  await expect(verified(digest, 'openvex')).resolves.toMatchObject({
    subject,
    predicate: { statements: [{ vulnerability: { name: 'CVE-2026-1' }, status: 'fixed' }] },
  });
  await expect(problemOf(client, digest, own)).resolves.toBeUndefined();
});

test('cosign verifies what push signs with a key in Vault', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const vault = await vaultTransit('right-token', { release: [privateKey] });
  try {
    const login = { 'vault-address': vault.url, 'vault-token': 'right-token' };
    const digest = await pushed('vault', scanned('pass'), documents, {
      'signing-key': 'hashivault://release',
      ...login,
    });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await writeFile(join(folder, 'vault.pub'), pem);
    const subject = [{ name: 'signing', digest: { sha256: digest.slice('sha256:'.length) } }];
    await expect(verified(digest, 'slsaprovenance1', 'vault.pub')).resolves.toMatchObject({ subject });
    await expect(problemOf(client, digest, { publicKey: pem })).resolves.toBeUndefined();
  } finally {
    vault.close();
  }
});

test('a foreign signature counts neither for cosign nor for release', async () => {
  const digest = await pushed('foreign');
  const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
  await writeFile(join(folder, 'foreign.pub'), foreign);
  await expect(verified(digest, 'slsaprovenance1', 'foreign.pub')).rejects.toThrow();
  await expect(problemOf(client, digest, { publicKey: foreign.toString() })).resolves.toMatch(
    /^the registry has no signature, no provenance, no SBOM, no scan of sha256:\w+ .* 5 of 5 signatures do not count/,
  );
});

test('release rejects what is not signed, what was not scanned, and what did not pass its scan', async () => {
  const bare = await pushed('bare', scanned('pass'), []);
  await expect(problemOf(client, bare, own)).resolves.toMatch(/no provenance, no SBOM, no scan of/);
  const unscanned = await pushed(
    'unscanned',
    scanned('pass'),
    documents.filter(({ title }) => title !== 'findings.json'),
  );
  await expect(problemOf(client, unscanned, own)).resolves.toMatch(/has no scan of/);
  await expect(problemOf(client, await pushed('failed', scanned('fail')), own)).resolves.toMatch(
    /the signed scan of sha256:\w+ is fail: it is a fail$/,
  );
});

test('release takes what is signed of the right repository and commit, and of no other', async () => {
  const digest = await pushed('origin');
  const asked = (repository: string, commit: string) =>
    problemOf(client, digest, own, { policy: { repository }, written: true, commit });
  const team = 'https://github.com/team/service';
  await expect(asked(team, 'c'.repeat(40))).resolves.toBeUndefined();
  await expect(asked(`${team}-copy`, 'c'.repeat(40))).resolves.toMatch(
    /^the signed provenance of sha256:\w+ in the registry is not what release takes: it names the repository https:\S+\/service, and/,
  );
  await expect(asked(team, 'd'.repeat(40))).resolves.toMatch(/it names the commit c{40}, and d{40} is delivered\./);
});

test('an image of which a layer was changed afterwards is not released, though the statements of the signed one are attached to it', async () => {
  const digest = await pushed('whole');
  const stored = await getManifest<ImageManifest>(client, digest);
  const layers = stored!.manifest.layers.slice(0, -1);
  const layer = await putBlob(client, mediaTypes.gzipLayer, gzipSync('another layer'));
  const manifest = { ...stored!.manifest, layers: [...layers, layer] };
  const tag = `${process.pid}-whole`;
  const tampered = await putManifest(client, stored!.descriptor.mediaType, manifest, tag);
  const mediaType = manifestTypes.index;
  const stolen = { schemaVersion: 2, mediaType, manifests: await listReferrers(client, digest) };
  await putManifest(client, mediaType, stolen, fallbackTag(tampered.digest));
  const problem = async (image: string) => {
    const login = { username, password: registryPassword };
    const found = await registryProblem(image, login, own, undefined, { signal, log });
    return found && english(found);
  };
  await expect(problem(`${name}@${tampered.digest}`)).resolves.toMatch(
    /no signature, no provenance, no SBOM, no scan.*it is about another image/,
  );
  // who goes by the digest is not misled by the tag
  await expect(problem(`${name}@${digest}`)).resolves.toBeUndefined();
});

test('what was signed of another image does not count for this one', async () => {
  const [one, other] = [await pushed('one'), await pushed('bare-other', scanned('pass'), [])];
  const inputs = { 'signing-key': own.key, 'signing-passphrase': own.passphrase, keyless: false } as const;
  const missing = {
    ...{ 'id-token-url': undefined, 'id-token-request': undefined },
    ...{ 'vault-address': undefined, 'vault-token': undefined },
  };
  const stolen = await signedArtifacts(
    { ...inputs, ...missing },
    documents,
    { record: scanned('pass'), signal, log },
    { name: 'signing', digest: one },
  );
  const subject = (await headManifest(client, other))!;
  for (const artifact of stolen.slice(1)) await attachArtifact(client, subject, artifact);
  await expect(problemOf(client, other, own)).resolves.toMatch(/no provenance.*it is about another image/);
});
