import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { memoryRegistry } from '../../../test/fixtures/memory-registry.ts';
import type { MemoryRegistry } from '../../../test/fixtures/memory-registry.ts';
import { pullWeights } from './pull.ts';
import { whatToDo } from './what-to-do.ts';

const times = { beat: 40, gone: 400 };
let root: string;
let folder: string;
let registry: MemoryRegistry;
let said: string[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-pull-'));
  folder = join(root, 'weights');
  await mkdir(folder);
  registry = await memoryRegistry();
  said = [];
});
afterEach(async () => {
  await registry.close();
  await rm(root, { recursive: true });
});

const sha256 = (input: Buffer) => execFileSync('sha256sum', { input }).toString().split(' ')[0]!;

/** An archive of GNU tar. */
async function archive(name: string, files: Readonly<Record<string, string>>): Promise<Buffer> {
  const from = join(root, name);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(from, path, '..'), { recursive: true });
    await writeFile(join(from, path), content);
  }
  return execFileSync('tar', ['-cf', '-', '-C', from, '.']);
}

/** Puts an image of these layers into the registry, as the image specification has it. */
function put(layers: readonly { readonly bytes: Buffer; readonly type?: string }[]): { image: string; hex: string } {
  const descriptors = layers.map(({ bytes, type = 'tar' }) => {
    const digest = `sha256:${sha256(bytes)}`;
    registry.blobs.set(`models/tiny@${digest}`, bytes);
    return { mediaType: `application/vnd.oci.image.layer.v1.${type}`, digest, size: bytes.length };
  });
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, config: {}, layers: descriptors }));
  const hex = sha256(bytes);
  registry.manifests.set(`models/tiny@sha256:${hex}`, { type, bytes });
  return { image: `${registry.address}/models/tiny:v1@sha256:${hex}`, hex };
}

const pull = (image: string, logins?: string) =>
  pullWeights({ image, folder, logins, times, signal: new AbortController().signal, say: text => said.push(text) });

const blobsAsked = () => registry.asked.filter(request => request.includes('/blobs/')).length;

test('an image of plain and compressed layers becomes a folder that everybody may read', async () => {
  const { image, hex } = put([
    { bytes: await archive('a', { 'config.json': '{}', 'größe/vocab.json': 'x'.repeat(3000) }) },
    { bytes: gzipSync(await archive('b', { 'model.safetensors': 'weights' })), type: 'tar+gzip' },
  ]);
  await pull(image);
  expect(await readFile(join(folder, hex, 'config.json'), 'utf8')).toBe('{}');
  expect(await readFile(join(folder, hex, 'größe/vocab.json'), 'utf8')).toBe('x'.repeat(3000));
  expect(await readFile(join(folder, hex, 'model.safetensors'), 'utf8')).toBe('weights');
  expect((await stat(join(folder, hex, 'config.json'))).mode & 0o444).toBe(0o444);
  expect((await readdir(folder)).toSorted()).toEqual([hex, `${hex}.json`].toSorted());
});

test('the next pod finds it, and one that lost a file is pulled again', async () => {
  const { image, hex } = put([{ bytes: await archive('a', { 'config.json': '{}', b: 'b' }) }]);
  await pull(image);
  registry.asked.length = 0;
  await pull(image);
  expect(registry.asked).toEqual([]);
  await writeFile(join(folder, hex, 'config.json'), 'shortened or not');
  await pull(image);
  expect(await readFile(join(folder, hex, 'config.json'), 'utf8')).toBe('{}');
});

test('of pods that start together one pulls', async () => {
  const { image } = put([{ bytes: await archive('a', { 'config.json': '{}' }) }]);
  await Promise.all([pull(image), pull(image), pull(image)]);
  expect(blobsAsked()).toBe(1);
  expect(said.filter(text => text.endsWith('is there already.'))).toHaveLength(2);
});

test('what a pod that is gone has left is taken away, and one that lives is waited for', async () => {
  const { image, hex } = put([{ bytes: await archive('a', { 'config.json': '{}' }) }]);
  await mkdir(join(folder, `${hex}.gone.part`));
  const lock = join(folder, `${hex}.lock`);
  await writeFile(lock, '');
  // the clock of its node is an hour ahead
  const ahead = () => utimes(lock, new Date(), new Date(Date.now() + 3_600_000));
  const life = setInterval(() => void ahead(), 50);
  const pulled = pull(image);
  await new Promise(resolve => setTimeout(resolve, 1000));
  expect(registry.asked).toEqual([]);
  clearInterval(life);
  await pulled;
  expect((await readdir(folder)).toSorted()).toEqual([hex, `${hex}.json`].toSorted());
});

test('a layer that was changed is not believed', async () => {
  const bytes = await archive('a', { 'config.json': '{}' });
  const { image } = put([{ bytes }]);
  const changed = Buffer.from(bytes);
  changed[bytes.indexOf('{}')] = '['.charCodeAt(0);
  registry.blobs.set(`models/tiny@sha256:${sha256(bytes)}`, changed);
  await expect(pull(image)).rejects.toThrow(
    `The layer sha256:${sha256(bytes)} has ${bytes.length} bytes with the digest sha256:${sha256(changed)}, and must have`,
  );
  expect(await readdir(folder)).toEqual([]);
  // a restart of the container goes on
  registry.blobs.set(`models/tiny@sha256:${sha256(bytes)}`, bytes);
  await pull(image);
});

test.each([
  ['leads out of the folder', ['--transform', 's,^,../../,', '-P'], undefined],
  ['is a link', ['--transform', 's,x,x,'], /link in the image is no plain file/],
])('a file that %s', async (_name, args, expected) => {
  const from = join(root, 'bad');
  await mkdir(from);
  if (expected) execFileSync('ln', ['-s', '/etc/passwd', join(from, 'link')]);
  else await writeFile(join(from, 'file'), 'file');
  const bytes = execFileSync('tar', ['-cf', '-', ...args, '-C', from, expected ? 'link' : 'file']);
  const { image, hex } = put([{ bytes }]);
  if (expected) return expect(pull(image)).rejects.toThrow(expected);
  await pull(image);
  // as container engines clean it
  expect(await readFile(join(folder, hex, 'file'), 'utf8')).toBe('file');
  return undefined;
});

test('the pull secret that has the login of the registry is used', async () => {
  const { image } = put([{ bytes: await archive('a', { 'config.json': '{}' }) }]);
  registry.login = 'puller:secret';
  await expect(pull(image)).rejects.toThrow(/ended with 401/);
  const auth = Buffer.from('puller:secret').toString('base64');
  for (const [at, host] of ['other.example.com', registry.address].entries()) {
    await mkdir(join(root, 'login', String(at)), { recursive: true });
    await writeFile(join(root, 'login', String(at), 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
  }
  await pull(image, join(root, 'login'));
});

test('an image that is not there says so', async () => {
  const image = `${registry.address}/models/tiny@sha256:${'0'.repeat(64)}`;
  await expect(pull(image)).rejects.toThrow(/is not in the registry\. Push it \(fairway weights push\)/);
});

test('a model on a volume that cannot be read says so', () => {
  const error = Object.assign(new Error('lost'), { code: 'EACCES', path: '/weights/a.safetensors' });
  expect(whatToDo(error, '', '/weights')).toMatch(/^\/weights\/a\.safetensors on the volume cannot be read \(EACCES\)/);
});

test.each([
  ['ENOSPC', /There is no room in \/weights for r\/m@sha256:1: .*Name a larger claim/],
  ['EACCES', /cannot be written \(EACCES\).*65532/],
  ['ECONNRESET', /^The model was not pulled\. lost$/],
])('%s says what to do', (code, expected) => {
  expect(whatToDo(Object.assign(new Error('lost'), { code }), 'r/m@sha256:1', '/weights')).toMatch(expected);
});
