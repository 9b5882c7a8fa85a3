import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, link, lstat, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  blobPath,
  digestOf,
  openLayout,
  readConfig,
  readManifest,
  storeLayersAs,
  writeBlob,
  writeLayer,
} from '@fairway/image';
import type { Layout } from '@fairway/image';
import { bringParts } from '../bring-parts.ts';

jest.setTimeout(600_000);

const run = promisify(execFile);
const large = Buffer.concat([randomBytes(5 << 20), Buffer.from('text '.repeat(1_000_000))]);
const long = `opt/${'long-name-'.repeat(14)}/file`;

let reader: string;
let folder: string;
let layout: Layout;
let source: string;
let attributes: boolean;
beforeAll(async () => {
  const part = { kind: 'go', name: 'layer-reader', source: join(import.meta.dirname, 'layer-reader') } as const;
  reader = join((await bringParts([], [part])).get('layer-reader')!, 'layer-reader');
  folder = await mkdtemp(join(tmpdir(), 'fairway-layer-forms-'));
  layout = await openLayout(join(folder, 'layout'));
  const root = join(folder, 'root');
  await mkdir(join(root, long, '..'), { recursive: true });
  await writeFile(join(root, long), 'found');
  await writeFile(join(root, 'opt/large'), large);
  await writeFile(join(root, 'opt/empty'), '');
  await writeFile(join(root, 'opt/tool'), 'tool');
  await writeFile(join(root, 'opt/.wh.gone'), '');
  await writeFile(join(root, 'opt/größe'), 'umlaut');
  await link(join(root, 'opt/tool'), join(root, 'opt/same'));
  await symlink('tool', join(root, 'opt/link'));
  await chmod(join(root, 'opt/tool'), 0o4755);
  await utimes(join(root, 'opt/tool'), 1_566_296_443, 1_566_296_443);
  attributes = await run('setfattr', ['-n', 'user.word', '-v', '0x00ff', join(root, 'opt/tool')]).then(
    () => true,
    () => false,
  );
  const archive = join(folder, 'layer.tar');
  await run('tar', ['-C', root, '--sort=name', '--format=pax', '--xattrs', '-cf', archive, 'opt']);
  const { descriptor, diffId } = await writeLayer(layout, createReadStream(archive));
  const json = (value: object) => [Buffer.from(JSON.stringify(value))];
  const image = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [diffId] } };
  const config = await writeBlob(layout, 'application/vnd.oci.image.config.v1+json', json(image));
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  source = (await writeBlob(layout, mediaType, json({ schemaVersion: 2, mediaType, config, layers: [descriptor] })))
    .digest;
});
afterAll(() => rm(folder, { recursive: true }));

async function stored(compression: 'zstd' | 'estargz') {
  const { digest } = await storeLayersAs(layout, { source, keep: 0, compression });
  const manifest = await readManifest(layout, digest);
  const [diffId = ''] = (await readConfig(layout, manifest)).rootfs.diff_ids;
  const layer = manifest.layers[0]!;
  return { layer, diffId, file: blobPath(layout, layer.digest) };
}

test('what containerd and Docker unpack of a layer in zstd is the archive that the configuration names', async () => {
  const { file, diffId } = await stored('zstd');
  expect(JSON.parse((await run(reader, ['zstd', file])).stdout)).toBe(diffId);
});

test("stargz-snapshotter's own reader proves each chunk of a layer in eStargz and finds every file as it was", async () => {
  const { file, layer } = await stored('estargz');
  const index = layer.annotations?.['containerd.io/snapshot/stargz/toc.digest'] ?? '';
  const { stdout } = await run(reader, ['estargz', file, index], { maxBuffer: 1 << 24 });
  const files = JSON.parse(stdout) as readonly { readonly name: string }[];
  const named = (name: string) => files.find(one => one.name === name);
  const sha256 = (content: Buffer | string) => digestOf(Buffer.from(content)).slice('sha256:'.length);
  expect(named('opt/large')).toMatchObject({ type: 'reg', sha256: sha256(large) });
  expect(named(long)).toMatchObject({ type: 'reg', sha256: sha256('found') });
  expect(named('opt/größe')).toMatchObject({ type: 'reg', sha256: sha256('umlaut') });
  expect(named('opt/empty')).toMatchObject({ type: 'reg' });
  expect(named('opt/.wh.gone')).toMatchObject({ type: 'reg' });
  expect(named('opt/link')).toMatchObject({ type: 'symlink', link: 'tool' });
  // the first of the two names has the bytes
  const { uid } = await lstat(join(folder, 'root/opt/tool'));
  expect(named('opt/same')).toMatchObject({
    ...{ type: 'reg', mode: 0o4755, uid, time: 1_566_296_443, names: 2, sha256: sha256('tool') },
    ...(attributes ? { xattrs: { 'user.word': '00ff' } } : {}),
  });
  expect(named('opt/tool')).toMatchObject({ names: 2, sha256: sha256('tool') });
  expect(named('.no.prefetch.landmark')).toMatchObject({ sha256: sha256(Buffer.of(0xf)) });
  // whoever does not know eStargz reads gzip
  const { stdout: listed } = await run('tar', ['-tzf', file]);
  expect(listed.trim().split('\n')).toHaveLength(files.length + 1);
});

test('a byte that is not that of the index is found', async () => {
  const { file, layer } = await stored('estargz');
  const index = layer.annotations?.['containerd.io/snapshot/stargz/toc.digest'] ?? '';
  await expect(run(reader, ['estargz', file, digestOf('another')])).rejects.toThrow();
  const blob = await readFile(file);
  // in the random bytes, which gzip stores as they are
  const at = blob.indexOf(large.subarray(2 << 20, (2 << 20) + 16));
  expect(at).toBeGreaterThan(0);
  blob[at]! ^= 1;
  const damaged = join(folder, 'damaged');
  await writeFile(damaged, blob);
  await expect(run(reader, ['estargz', damaged, index])).rejects.toThrow();
});
