import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hubDouble } from '../../../test/fixtures/hub-double.ts';
import type { HubDouble } from '../../../test/fixtures/hub-double.ts';
import { verifyVolume } from './verify-volume.ts';

const files = { 'config.json': Buffer.from('{}'), 'sub/model.safetensors': Buffer.alloc(300_000, 'weights ') };
let root: string;
let folder: string;
let digest: string;
let said: string[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-verify-'));
  folder = join(root, 'tiny');
  await mkdir(join(folder, 'sub'), { recursive: true });
  for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
  await putSums();
  said = [];
});
afterEach(() => rm(root, { recursive: true }));

/** As docs/models.md says it. */
async function putSums(): Promise<void> {
  execFileSync('sh', [
    '-c',
    `cd ${folder} && find . -type f ! -path '*/.*' ! -name SHA256SUMS -exec sha256sum {} + > .sums && mv .sums SHA256SUMS`,
  ]);
  digest = execFileSync('sha256sum', [join(folder, 'SHA256SUMS')])
    .toString()
    .split(' ')[0]!;
}

const verify = (more: Partial<Parameters<typeof verifyVolume>[0]> = {}) =>
  verifyVolume({
    ...{ folder, hashes: `sha256:${digest}`, reference: '', name: digest, once: true },
    ...{ hub: { url: 'http://127.0.0.1:1', fetch }, times: { beat: 40, gone: 400 } },
    ...{ signal: new AbortController().signal, say: text => said.push(text) },
    ...more,
  });

const hasRead = () => said.filter(text => text.startsWith('Reading ')).length;

test('a model is read once, and again when a file has changed', async () => {
  await writeFile(join(folder, '.gitattributes'), 'git');
  await mkdir(join(folder, 'lost+found'));
  await verify();
  await verify();
  expect(hasRead()).toBe(1);
  expect(said.at(-1)).toBe('The files of the model are verified already.');
  expect((await readdir(folder)).filter(name => name.startsWith('.fairway'))).toEqual([`.fairway-${digest}.json`]);
  // as many bytes, and another time
  const path = join(folder, 'sub/model.safetensors');
  await writeFile(path, Buffer.from(files['sub/model.safetensors']).fill('x', 1000, 1001));
  await expect(verify()).rejects.toThrow(
    /^sub\/model\.safetensors on the volume is not what SHA256SUMS has: its SHA-256 is [0-9a-f]{64}, and it must be [0-9a-f]{64}\. Copy the right file there/,
  );
  expect(hasRead()).toBe(2);
  await writeFile(path, files['sub/model.safetensors']);
  await verify();
  expect(hasRead()).toBe(3);
  // copied again: the same content at another time
  await utimes(path, new Date(0), new Date(0));
  await verify();
  expect(hasRead()).toBe(4);
});

test('of pods that start together one reads', async () => {
  await Promise.all([verify(), verify(), verify()]);
  expect(hasRead()).toBe(1);
});

test('another list of hashes is verified by itself', async () => {
  await verify();
  await writeFile(join(folder, 'config.json'), '[]');
  await putSums();
  await verify();
  expect(hasRead()).toBe(2);
});

test('with `always` the volume stays as it is', async () => {
  const before = await stat(folder);
  await verify({ once: false });
  await verify({ once: false });
  expect(hasRead()).toBe(2);
  expect((await stat(folder)).mtimeMs).toBe(before.mtimeMs);
});

test.each([
  [
    'lacks a file',
    () => rm(join(folder, 'config.json')),
    /^config\.json is not on the volume, and SHA256SUMS names it/,
  ],
  [
    'has one more',
    () => writeFile(join(folder, 'modeling.py'), 'import os'),
    /^modeling\.py is on the volume, and SHA256SUMS does not name it: an engine might load it/,
  ],
  [
    'has no list',
    () => rm(join(folder, 'SHA256SUMS')),
    /^SHA256SUMS is not on the volume .*sha256sum \{\} \+ > SHA256SUMS/,
  ],
  ['is not there', () => rm(folder, { recursive: true }), /lacks the folder of model\.weights\.folder/],
  [
    'has a link out of it',
    async () => {
      await writeFile(join(root, 'config.json'), '{}');
      await rm(join(folder, 'config.json'));
      await symlink('../config.json', join(folder, 'config.json'));
    },
    /^config\.json on the volume is a link out of the folder/,
  ],
  [
    'has a link to nothing',
    async () => {
      await rm(join(folder, 'config.json'));
      await symlink('gone', join(folder, 'config.json'));
    },
    /^config\.json on the volume is a link out of the folder/,
  ],
])('a folder that %s', async (_name, change, expected) => {
  await change();
  await expect(verify()).rejects.toThrow(expected);
});

describe('with the hashes of a commit', () => {
  let hub: HubDouble;
  const hashed = () => ({
    ...{ hashes: 'hub', reference: `hf://team/tiny@${hub.commit}`, name: hub.commit },
    hub: { url: hub.url, fetch },
  });
  beforeEach(async () => {
    await rm(join(folder, 'SHA256SUMS'));
    hub = await hubDouble({ ...files, 'pytorch_model.bin': Buffer.from('pickle'), 'README.md': Buffer.from('read') });
    await writeFile(join(folder, 'README.md'), 'read');
  });
  afterEach(() => hub.close());

  test('the hub is asked once, and files that no engine loads may be missing', async () => {
    await verify(hashed());
    await verify(hashed());
    expect(hub.asked).toHaveLength(1);
  });

  test('a file that is there although it may be missing is verified', async () => {
    await writeFile(join(folder, 'pytorch_model.bin'), 'other!');
    await expect(verify(hashed())).rejects.toThrow(/^pytorch_model\.bin on the volume is not what hf:/);
  });

  test('one of another size is not read', async () => {
    await writeFile(join(folder, 'README.md'), 'longer');
    await expect(verify(hashed())).rejects.toThrow(
      /^README\.md on the volume .*: it has 6 bytes, and it must have 4\./,
    );
  });

  test('a single file may have others beside it', async () => {
    const other = await hubDouble({ 'q4.gguf': Buffer.from('gguf') });
    try {
      await writeFile(join(folder, 'q4.gguf'), 'gguf');
      const reference = `hf://team/tiny@${other.commit}/q4.gguf`;
      await verify({ hashes: 'hub', reference, name: 'file', hub: { url: other.url, fetch } });
    } finally {
      await other.close();
    }
  });
});
