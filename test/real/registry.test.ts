import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Layout } from '@fairway/image';
import {
  attachArtifact,
  digestOf,
  downloadImage,
  findArtifact,
  getBlob,
  getManifest,
  headManifest,
  listReferrers,
  mountFrom,
  openRepository,
  parseRepository,
  pushImage,
} from '@fairway/clients/registry/index';
import type { RegistryCredentials } from '@fairway/clients/registry/index';
import { platform, registryPassword } from './platform.ts';
import { storedImage } from './stored-image.ts';

jest.setTimeout(300_000);

const name = `${platform.registry.address}/fairway-test/registry`;
const tag = String(process.pid);
const signal = new AbortController().signal;
const run = promisify(execFile);
const { username } = platform.registry;
const credentials = { username, password: registryPassword };
const repository = openRepository(parseRepository(name), credentials, signal);
let digest: string;

beforeAll(async () => {
  let layout: Layout;
  ({ layout, digest } = await storedImage(`LABEL test=${process.pid}\n`));
  const push = (given: RegistryCredentials) =>
    pushImage(openRepository(parseRepository(name), given, signal), layout, { digest, tag, progress() {} });
  await expect(push({ username, password: 'wrong' })).rejects.toThrow('check username and password');
  await expect(push({})).rejects.toThrow('asks for credentials and none were given');
  expect((await push(credentials)).sent.blobs).toBeGreaterThan(0);
  // what is there is not sent again
  expect((await push(credentials)).sent).toEqual({ blobs: 0, bytes: 0 });
  await rm(layout.folder, { recursive: true });
});

test('the registry has the digest of the layout', async () => {
  expect((await headManifest(repository, tag))?.digest).toBe(digest);
  expect((await getManifest(repository, digest))?.descriptor.digest).toBe(digest);
  expect(await headManifest(repository, 'none')).toBeUndefined();
});

test('an image is downloaded as the registry has it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-download-'));
  try {
    const archive = join(folder, 'image.tar');
    const blobs: string[] = [];
    const progress = (message: string) => blobs.push(message);
    await downloadImage(repository, {
      digest,
      architecture: process.arch,
      name: 'localhost/test:1',
      archive,
      progress,
    });
    const { layers } = (await getManifest<{ layers: unknown[] }>(repository, digest))!.manifest;
    expect(blobs).toHaveLength(layers.length + 1);
    await run('tar', ['-xf', archive, '-C', folder]);
    const [algorithm = '', hash = ''] = digest.split(':');
    expect(digestOf(await readFile(join(folder, 'blobs', algorithm, hash)))).toBe(digest);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('blobs that another repository has are mounted from there and not sent', async () => {
  const { layout, digest: image } = await storedImage(`LABEL test=${process.pid}\n`);
  const mounting = openRepository(parseRepository(`${name}-${process.pid}`), credentials, signal);
  const mount = mountFrom(mounting, [repository.repository.name]);
  const pushed = await pushImage(mounting, layout, { digest: image, tag, mount, progress() {} });
  // at most the configuration, of which a daemon may have made another one
  expect(pushed.sent.blobs).toBeLessThanOrEqual(1);
  expect(pushed.sent.bytes).toBeLessThan(100_000);
  expect((await headManifest(mounting, tag))?.digest).toBe(image);
  await rm(layout.folder, { recursive: true });
});

test('documents are attached once, and a newer one takes the place of the older', async () => {
  const subject = (await headManifest(repository, digest))!;
  const attach = (text: string) =>
    attachArtifact(repository, subject, {
      artifactType: 'application/vnd.fairway.test+json',
      content: Buffer.from(text),
      title: 'test.json',
    });
  const first = await attach('{"a":1}');
  expect(await attach('{"a":1}')).toEqual(first);
  expect(await listReferrers(repository, digest)).toHaveLength(1);
  const second = await attach('{"a":2}');
  const found = await findArtifact(repository, digest, 'application/vnd.fairway.test+json');
  expect(found?.digest).toBe(second.digest);
  const manifest = await getManifest<{ layers: readonly { digest: string }[]; subject: { digest: string } }>(
    repository,
    second.digest,
  );
  expect(manifest?.manifest.subject.digest).toBe(digest);
  expect((await getBlob(repository, manifest!.manifest.layers[0]!.digest)).toString()).toBe('{"a":2}');
});

test.each<[string, string, { username?: string; password?: string }, string]>([
  [
    'wrong credentials',
    name,
    { username, password: 'wrong' },
    `does not accept the credentials of the user "${username}": check username and password.`,
  ],
  ['no credentials', name, {}, 'asks for credentials and none were given: set username and password.'],
  [
    'no registry',
    '127.0.0.1:9/x',
    credentials,
    'The registry 127.0.0.1:9 cannot be reached: check its address and that it runs.',
  ],
])('%s: one paragraph says so', async (_name, at, given, expected) => {
  await expect(headManifest(openRepository(parseRepository(at), given, signal), 'latest')).rejects.toThrow(expected);
});
