import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageOfFiles } from '../../../test/image-of-files.ts';
import { digestOf, writeBlob } from './blobs.ts';
import { openLayout } from './layout.ts';
import { mediaTypes } from './oci.ts';
import { receiveImage } from './receive-image.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-receive-'));
});
afterEach(() => rm(folder, { recursive: true }));

const index = (...manifests: object[]) => JSON.stringify({ schemaVersion: 2, manifests });

test('an image that is written beside a layout is in it, and what the layout had is shared', async () => {
  const { layout, descriptor } = await imageOfFiles(folder, { a: 'a' });
  let seen: string[] = [];
  const received = await receiveImage(layout, async place => {
    seen = await readdir(join(place, 'blobs', 'sha256'));
    await writeFile(join(place, 'index.json'), index({ ...descriptor, annotations: { of: 'another' } }));
  });
  expect(seen).toContain(descriptor.digest.replace('sha256:', ''));
  expect(received).toEqual(descriptor);
  expect(await readdir(join(folder, 'unfinished'))).toEqual([]);
});

test('no image, two, an index and an image with a layer too few are refused', async () => {
  const { layout, descriptor } = await imageOfFiles(folder, { a: 'a' });
  const write = (...manifests: object[]) =>
    receiveImage(layout, place => writeFile(join(place, 'index.json'), index(...manifests)));
  await expect(write()).rejects.toThrow('0 images were written');
  await expect(write(descriptor, descriptor)).rejects.toThrow('2 images were written');
  const both = await writeBlob(layout, mediaTypes.index, [Buffer.from(index(descriptor))]);
  await expect(write(both)).rejects.toThrow('not the manifest of an image');
  const missing = { mediaType: mediaTypes.gzipLayer, digest: digestOf('missing'), size: 7 };
  const config = { mediaType: mediaTypes.config, digest: descriptor.digest, size: descriptor.size };
  const torn = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: [missing] };
  const stored = await writeBlob(await openLayout(folder), mediaTypes.manifest, [Buffer.from(JSON.stringify(torn))]);
  await expect(write(stored)).rejects.toThrow(`without ${missing.digest}`);
});
