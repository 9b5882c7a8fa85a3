import { execFile } from 'node:child_process';
import { appendFile, chmod, link, lstat, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { truncate, utimes, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, zstdCompressSync } from 'node:zlib';
import { openLayout, readConfig, readManifest, regroupLayers, verifyImage, writeBlob, writeLayer } from './index.ts';
import { blobPath, digestOf, nameImage } from './index.ts';
import type { Layout, RegroupRequest, WrittenLayer } from './index.ts';

const run = promisify(execFile);
const groups = ['packages', 'own'];
const groupOf = (path: string) => (/(^|\/)site-packages\//.test(path) ? 0 : 1);

let folder: string;
let layout: Layout;
let count = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-regroup-'));
  layout = await openLayout(join(folder, 'layout'));
});
afterEach(() => rm(folder, { recursive: true }));

/** What one instruction of a Dockerfile leaves: files by path, links, and what it removes (`.wh.`), as GNU tar archives it. */
type Files = Readonly<
  Record<
    string,
    string | Buffer | { readonly folder: number } | { readonly symlink: string } | { readonly link: string }
  >
>;

async function layerOf(files: Files, modes: Readonly<Record<string, number>> = {}): Promise<WrittenLayer> {
  const root = join(folder, `files-${count++}`);
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    if (typeof content === 'string' || Buffer.isBuffer(content)) await writeFile(file, content);
    else if ('folder' in content) await mkdir(file).then(() => chmod(file, content.folder));
    else if ('symlink' in content) await symlink(content.symlink, file);
    else await link(join(root, content.link), file);
  }
  for (const [path, mode] of Object.entries(modes)) await chmod(join(root, path), mode);
  const all = await readdir(root, { recursive: true, withFileTypes: true });
  for (const one of all) if (!one.isSymbolicLink()) await utimes(join(one.parentPath, one.name), 0, 0);
  await utimes(root, 0, 0);
  const archive = `${root}.tar`;
  await run('tar', ['-C', root, '--sort=name', '--numeric-owner', '-cf', archive, '.']);
  return writeLayer(layout, createReadStream(archive));
}

async function imageOf(layers: readonly WrittenLayer[]): Promise<string> {
  const json = (value: object) => [Buffer.from(JSON.stringify(value))];
  const config = {
    ...{ architecture: 'amd64', os: 'linux', created: '2026-01-01T00:00:00Z', config: { User: '65532' } },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.flatMap((_layer, at) => [
      { created_by: `ENV ${at}`, empty_layer: true },
      { created_by: `RUN ${at}` },
    ]),
  };
  const manifest = {
    ...{ schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json' },
    config: await writeBlob(layout, 'application/vnd.oci.image.config.v1+json', json(config)),
    layers: layers.map(({ descriptor }) => descriptor),
  };
  const written = await writeBlob(layout, manifest.mediaType, json(manifest));
  await nameImage(layout, `image-${count++}`, written);
  return written.digest;
}

function regroup(source: string, more: Partial<RegroupRequest> = {}) {
  return regroupLayers(layout, { source, keep: 1, groups, groupOf, drop: () => false, ...more });
}

/** The files that an image shows, as GNU tar and `rm` unpack its layers: kind, rights, number of names, content. */
async function shown(digest: string): Promise<readonly string[]> {
  const root = join(folder, `shown-${count++}`);
  await mkdir(root);
  for (const { digest: layer } of (await readManifest(layout, digest)).layers) {
    const blob = blobPath(layout, layer);
    const { stdout } = await run('tar', ['-tzf', blob]);
    for (const path of stdout.split('\n').filter(name => basename(name).startsWith('.wh.'))) {
      const place = join(root, dirname(path));
      const names =
        basename(path) === '.wh..wh..opq' ? await readdir(place).catch(() => []) : [basename(path).slice(4)];
      for (const name of names) await rm(join(place, name), { recursive: true, force: true });
    }
    // what is no folder takes the place of one, which GNU tar does not do by itself
    for (const path of stdout.split('\n').filter(name => name !== '' && !name.endsWith('/')))
      if ((await lstat(join(root, path)).catch(() => undefined))?.isDirectory())
        await rm(join(root, path), { recursive: true });
    await run('tar', ['-C', root, '-xpzf', blob, '--exclude=.wh.*']);
  }
  const { stdout } = await run(
    'sh',
    [
      '-c',
      'find . -type d -printf "%p %y %m\\n" -o -type f -printf "%p %y %m %n " -exec sha256sum {} \\; -o -printf "%p %y %l\\n"',
    ],
    { cwd: root },
  );
  return stdout.split('\n').sort();
}

const base: Files = {
  'etc/passwd': 'root',
  'etc/old': 'x',
  'usr/lib/libssl.so': 'old',
  'usr/lib/doc/a': 'a',
  'usr/lib/doc/b': 'b',
  'var/cache/x': 'x',
};
const packages: Files = {
  'opt/site-packages/torch.py': 'torch'.repeat(5000),
  'opt/site-packages/torch.pyc': { link: 'opt/site-packages/torch.py' },
  'opt/bin/python': { symlink: '/usr/bin/python3' },
  'etc/.wh.old': '',
};

test('an image shows the same files, its base keeps its layers, and removals stay removed', async () => {
  const layers = [
    await layerOf(base),
    await layerOf(packages, { 'opt/bin': 0o700, 'opt/site-packages/torch.py': 0o750 }),
    // a fix of the base, a folder made anew, and a file in the place of a folder
    await layerOf({
      'usr/lib/libssl.so': 'new',
      'usr/lib/doc/.wh..wh..opq': '',
      'usr/lib/doc/c': 'c',
      'var/cache': 'file',
    }),
    await layerOf({ 'app/main.py': 'main', 'opt/bin/tool': 'tool' }),
    await layerOf({ 'app/.wh.main.py': '', 'app/other.py': 'other' }),
  ];
  const source = await imageOf(layers);
  const { manifest, made } = await regroup(source);
  await nameImage(layout, 'regrouped', manifest);
  await verifyImage(layout, manifest.digest);
  expect(await shown(manifest.digest)).toEqual(await shown(source));
  const after = await readManifest(layout, manifest.digest);
  expect(after.layers[0]).toEqual(layers[0]!.descriptor);
  expect(made.map(({ group }) => group)).toEqual(['removed', 'packages', 'own']);
  const config = await readConfig(layout, after);
  expect(config).toMatchObject({ config: { User: '65532' }, created: '2026-01-01T00:00:00Z' });
  expect(config.history?.filter(({ empty_layer: empty }) => !empty)).toHaveLength(after.layers.length);
  expect(config.rootfs.diff_ids[0]).toBe(layers[0]!.diffId);
  // the same source gives the same image
  expect((await regroup(source)).manifest).toEqual(manifest);
});

test('a second version brings only the layer of what changed', async () => {
  const below = [await layerOf(base), await layerOf(packages)];
  const first = await regroup(await imageOf([...below, await layerOf({ 'app/main.py': 'one' })]));
  const second = await regroup(await imageOf([...below, await layerOf({ 'app/main.py': 'two' })]));
  const [before, after] = await Promise.all(
    [first, second].map(async ({ manifest }) => (await readManifest(layout, manifest.digest)).layers),
  );
  const had = new Set(before!.map(({ digest }) => digest));
  const sent = after!.filter(({ digest }) => !had.has(digest));
  expect(sent).toEqual([after!.at(-1)]);
  expect(second.made.at(-1)).toEqual({ group: 'own', size: sent[0]?.size });
});

test('what is left out is gone, and another name of the same file takes its bytes', async () => {
  const source = await imageOf([
    await layerOf(base),
    await layerOf({
      'root/.cache/a.py': 'print(1)',
      'root/.cache/only': '12345',
      'opt/site-packages/a.py': { link: 'root/.cache/a.py' },
      'opt/site-packages/b.py': { link: 'root/.cache/a.py' },
    }),
  ]);
  const { manifest, dropped } = await regroup(source, { drop: path => path.startsWith('root/.cache/') });
  const files = await shown(manifest.digest);
  expect(files.filter(line => line.includes('.cache/'))).toEqual([]);
  expect(files.filter(line => /site-packages\/[ab]\.py f \d+ 2 /.test(line))).toHaveLength(2);
  expect(dropped).toEqual({ files: 1, bytes: 5 });
});

test('a folder is never in a layer below its files, whose rights it would lose there', async () => {
  const source = await imageOf([
    await layerOf(base),
    await layerOf({ 'opt/site-packages/data/own/file': 'x' }, { 'opt/site-packages/data': 0o711 }),
  ]);
  const upside = (path: string) => (path.endsWith('/file') ? 1 : 0);
  const { manifest, made } = await regroup(source, { groupOf: upside });
  expect(made.map(({ group }) => group)).toEqual(['own']);
  expect(await shown(manifest.digest)).toEqual(await shown(source));
});

/** Folders that some layer above the base has below a file of theirs, where the engine would give them rights of its own. */
async function foldersBelow(digest: string): Promise<readonly string[]> {
  const layers = await Promise.all(
    (await readManifest(layout, digest)).layers
      .slice(1)
      .map(async layer => (await run('tar', ['-tzf', blobPath(layout, layer.digest)])).stdout.trim().split('\n')),
  );
  const highest = (test: (name: string) => boolean) => layers.findLastIndex(names => names.some(test));
  const folders = new Set(layers.flat().filter(name => name.endsWith('/')));
  return [...folders].filter(folder => highest(name => name === folder) < highest(name => name.startsWith(folder)));
}

describe('a large layer of one group', () => {
  const weights = randomBytes(17 << 20);
  const small: Files = { 'opt/site-packages/small.py': 'x', 'app/main.py': 'main' };
  const had = async (digest: string) => (await readManifest(layout, digest)).layers.map(layer => layer.digest);

  /** How many of its lowest layers two images have in common. */
  const sameAs = async (one: string, other: string) => {
    const [ours, theirs] = [await had(one), await had(other)];
    const first = ours.findIndex((layer, at) => layer !== theirs[at]);
    return first < 0 ? ours.length : first;
  };
  /** As `regroup`, with how many layers it says to be the same before it writes. */
  const regroupSaying = async (source: string, more: Partial<RegroupRequest> = {}) => {
    let same: number | undefined;
    const beside = async (lowest: number) => {
      same = lowest;
      return [];
    };
    return { ...(await regroup(source, { ...more, beside })), same };
  };

  test.each<[string, readonly Files[]]>([
    ['below small ones', [{ 'models/weights': weights }, small]],
    ['above small ones', [small, { 'models/weights': weights }]],
    [
      'with files of its group and of others in its folders',
      [{ 'models/weights': weights }, { 'models/a': 'a', ...small }],
    ],
    ['whose folder gets other rights later', [{ 'models/weights': weights }, { models: { folder: 0o700 }, ...small }]],
    ['of a lower group than what is beside it', [small, { 'opt/site-packages/weights': weights }, { 'opt/own': 'x' }]],
    ['beside another one', [{ 'models/one': weights }, { 'opt/site-packages/two': weights.subarray(1) }, small]],
  ])('stays as it is %s', async (_case, files) => {
    const layers = [await layerOf(base)];
    for (const one of files) layers.push(await layerOf(one));
    const source = await imageOf(layers);
    const { manifest, same } = await regroupSaying(source);
    expect(same).toBe(await sameAs(source, manifest.digest));
    const stays = layers
      .filter(({ descriptor }) => descriptor.size > 16 << 20)
      .map(({ descriptor }) => descriptor.digest);
    expect(await had(manifest.digest)).toEqual(expect.arrayContaining(stays));
    expect(await shown(manifest.digest)).toEqual(await shown(source));
    expect(await foldersBelow(manifest.digest)).toEqual([]);
    const after = await readManifest(layout, manifest.digest);
    const { rootfs } = await readConfig(layout, after);
    for (const { diffId, descriptor } of layers) {
      const at = after.layers.findIndex(({ digest }) => digest === descriptor.digest);
      if (at >= 0) expect(rootfs.diff_ids[at]).toBe(diffId);
    }
  });

  test.each<[string, readonly Files[]]>([
    ['of which a file is hidden', [{ 'models/weights': weights, 'models/a': 'a' }, { 'models/a': 'b' }]],
    ['of which a file is removed', [{ 'models/weights': weights, 'models/a': 'a' }, { 'models/.wh.a': '' }]],
    ['that removes a file', [small, { 'models/weights': weights, 'app/.wh.main.py': '' }]],
    ['that holds two groups', [{ 'opt/site-packages/weights': weights, 'app/main.py': 'x' }]],
    ['of which something is left out', [{ 'models/weights': weights, 'models/cache': 'x' }]],
  ])('is written again %s', async (_case, files) => {
    const layers = [await layerOf(base)];
    for (const one of files) layers.push(await layerOf(one));
    const source = await imageOf(layers);
    const { manifest, same } = await regroupSaying(source, { drop: path => path === 'models/cache' });
    expect(same).toBe(await sameAs(source, manifest.digest));
    const stored = layers.map(({ descriptor }) => descriptor.digest);
    expect((await had(manifest.digest)).filter(digest => stored.includes(digest))).toEqual([stored[0]]);
    expect((await shown(manifest.digest)).filter(line => !line.includes('models/cache'))).toEqual(
      (await shown(source)).filter(line => !line.includes('models/cache')),
    );
    expect(await foldersBelow(manifest.digest)).toEqual([]);
  });
});

test('nothing is written where the disk has no room for what is written beside the image', async () => {
  const source = await imageOf([await layerOf(base), await layerOf(packages)]);
  const stored = await readdir(join(layout.folder, 'blobs/sha256'));
  const beside = async () => [{ folder, bytes: 1e18 }];
  await expect(regroup(source, { beside })).rejects.toThrow(
    new RegExp(
      `^The smaller image takes up to [\\d.]+ GB in ${layout.folder} and [\\d.]+ GB in ${folder}, which are on`,
    ),
  );
  expect(await readdir(join(layout.folder, 'blobs/sha256'))).toEqual(stored);
});

test('with no layer that stays, the whole image is put together anew', async () => {
  const source = await imageOf([await layerOf(base), await layerOf(packages)]);
  const { manifest, made } = await regroup(source, { keep: 0 });
  expect(made.map(({ group }) => group)).toEqual(['packages', 'own']);
  expect(await shown(manifest.digest)).toEqual(await shown(source));
});

test('a hard link to a file that is nowhere is an error that names both', async () => {
  const layer = await layerOf({ a: '1', b: { link: 'a' } });
  const archive = join(folder, 'cut.tar');
  await run('sh', [
    '-c',
    `gzip -dc ${blobPath(layout, layer.descriptor.digest)} > ${archive} && tar --delete -f ${archive} ./a`,
  ]);
  const source = await imageOf([await writeLayer(layout, createReadStream(archive))]);
  await expect(regroup(source, { keep: 0 })).rejects.toThrow(/^b is a hard link to \.\/a, which no layer/);
});

/** The archive of one entry by hand, with fields that GNU tar does not write: the layouts are those of POSIX.1-2001 (pax). */
function entry(name: string, content: Buffer, { flag = '0', mode = 0o644 } = {}): Buffer {
  const header = Buffer.alloc(512);
  const fields: [number, string][] = [
    ...([
      [0, name],
      [100, mode.toString(8).padStart(7, '0')],
      [108, '0000000'],
      [116, '0000000'],
    ] as [number, string][]),
    ...([
      [124, content.length.toString(8).padStart(11, '0')],
      [136, '00000000000'],
    ] as [number, string][]),
    ...([
      [148, ' '.repeat(8)],
      [156, flag],
      [257, 'ustar\x0000'],
    ] as [number, string][]),
  ];
  for (const [at, value] of fields) header.write(value, at, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

const end = Buffer.alloc(1024);
const made = async (digest: string) =>
  Buffer.concat(
    (await readManifest(layout, digest)).layers.map(({ digest: layer }) =>
      gunzipSync(readFileSync(blobPath(layout, layer))),
    ),
  );

test('an extended attribute keeps its bytes: cap_setuid+ep as linux/capability.h stores it (VFS_CAP_REVISION_2)', async () => {
  const capability = Buffer.from('0100000280000000000000000000000000000000', 'hex');
  const value = Buffer.concat([Buffer.from('SCHILY.xattr.security.capability='), capability, Buffer.from('\n')]);
  const record = Buffer.concat([Buffer.from(`${value.length + 3} `), value]);
  const archive = [entry('PaxHeaders/a', record, { flag: 'x' }), entry('usr/bin/newuidmap', Buffer.from('x')), end];
  const source = await imageOf([await writeLayer(layout, archive)]);
  const { manifest } = await regroup(source, { keep: 0 });
  expect((await made(manifest.digest)).includes(record)).toBe(true);
});

test('owner, rights and time stay where they are beyond what small tools write: as GNU tar lists them', async () => {
  const root = join(folder, 'odd');
  await mkdir(join(root, 'etc'), { recursive: true });
  await writeFile(join(root, 'etc/shadow'), 'root:*');
  const listed = async (archive: string) =>
    (await run('tar', ['--numeric-owner', '--full-time', '-tvf', archive])).stdout.replaceAll(/ \.\//g, ' ');
  for (const format of ['gnu', 'pax']) {
    const archive = join(folder, `${format}.tar`);
    const odd = ['--owner=a:3000000', '--group=b:5000000', '--mode=0', '--mtime=@4000000000'];
    await run('tar', ['-C', root, `--format=${format}`, ...odd, '-cf', archive, 'etc/shadow']);
    const source = await imageOf([await writeLayer(layout, createReadStream(archive))]);
    const { manifest } = await regroup(source, { keep: 0 });
    const again = join(folder, `${format}-again.tar`);
    await writeFile(again, await made(manifest.digest));
    expect(await listed(again)).toBe(await listed(archive));
    expect(await listed(again)).toMatch(/^---------- 3000000\/5000000 .* 2096-10-02 /);
  }
});

test('names that are long, in no known encoding or not in their plainest form stay the names of their files', async () => {
  const long = `${'long-'.repeat(30)}/${'name-'.repeat(30)}`;
  const root = join(folder, 'names');
  const latin = Buffer.from('caf\xe9', 'latin1');
  await mkdir(join(root, dirname(long)), { recursive: true });
  await writeFile(join(root, long), '1');
  await link(join(root, long), join(root, 'other'));
  await writeFile(join(root, 'größe'), '2');
  await writeFile(Buffer.concat([Buffer.from(`${root}/`), latin]), '3');
  const archive = join(folder, 'names.tar');
  await run('tar', ['-C', root, '--format=gnu', '-cf', archive, '.']);
  const source = await imageOf([
    await writeLayer(layout, createReadStream(archive)),
    // Docker and containerd clean a name before they use it
    await writeLayer(layout, [entry('./app//./a', Buffer.from('old')), entry('app/b', Buffer.from('b')), end]),
    await writeLayer(layout, [entry('app/x/../.wh.a', Buffer.alloc(0)), end]),
  ]);
  const { manifest } = await regroup(source, { keep: 0 });
  const files = (await shown(manifest.digest)).join('\n');
  expect(files).toContain(`./${long} f 644 2 `);
  expect(files).toContain('./größe f ');
  expect((await made(manifest.digest)).includes(latin)).toBe(true);
  expect(files).toContain('./app/b f ');
  expect(files).not.toContain('./app/a ');
});

// GNU tar's manual, "PAX Format, Version 1.0": the name of such an entry is another one, for programs that do not know it
test('a file with holes has its name and its bytes, and can be removed', async () => {
  const root = join(folder, 'holes');
  await mkdir(join(root, 'models'), { recursive: true });
  const weights = join(root, 'models/weights');
  await writeFile(weights, 'begin');
  await truncate(weights, 1 << 20);
  await appendFile(weights, 'end');
  await link(weights, join(root, 'models/again'));
  const archive = join(folder, 'holes.tar');
  await run('tar', ['-C', root, '--format=posix', '--sparse', '--sort=name', '-cf', archive, '.']);
  const holes = await writeLayer(layout, createReadStream(archive));
  expect(readFileSync(archive).includes('GNUSparseFile')).toBe(true);
  const source = await imageOf([holes]);
  const before = await shown(source);
  expect(before.join('\n')).toMatch(/\.\/models\/again f 644 2 [^]*\.\/models\/weights f 644 2 /);
  expect(await shown((await regroup(source, { keep: 0 })).manifest.digest)).toEqual(before);
  const removed = await imageOf([holes, await layerOf({ 'models/.wh.weights': '', 'models/.wh.again': '' })]);
  const { manifest } = await regroup(removed, { keep: 0 });
  expect((await shown(manifest.digest)).join('\n')).not.toMatch(/weights|again/);
  expect((await made(manifest.digest)).includes('begin')).toBe(false);
});

test('a layer of several zstd frames is read to its end, frames that are passed over too (RFC 8878, 3.1)', async () => {
  const pieces = ['a', 'b', 'c'].map(name => entry(name, Buffer.from(name.repeat(100_000))));
  const skippable = Buffer.concat([Buffer.from('502a4d1804000000', 'hex'), Buffer.from('note')]);
  const blob = [skippable, ...pieces.map(piece => zstdCompressSync(piece)), zstdCompressSync(end), skippable];
  const descriptor = await writeBlob(layout, 'application/vnd.oci.image.layer.v1.tar+zstd', [Buffer.concat(blob)]);
  const whole = Buffer.concat([...pieces, end]);
  const source = await imageOf([{ diffId: digestOf(whole), descriptor, uncompressed: whole.length }]);
  const { manifest } = await regroup(source, { keep: 0 });
  expect((await shown(manifest.digest)).join('\n')).toMatch(/\.\/a f [^]*\.\/b f [^]*\.\/c f /);
});

test.each([
  ['cut', (archive: Buffer) => archive.subarray(0, 700)],
  ['changed', (archive: Buffer) => archive.fill('x', 0, 3)],
])('an archive that was %s is an error', async (_name, damage) => {
  const archive = damage(Buffer.concat([entry('a', Buffer.alloc(2000)), end]));
  const source = await imageOf([await writeLayer(layout, [archive])]);
  await expect(regroup(source, { keep: 0 })).rejects.toThrow(/damaged/);
});
