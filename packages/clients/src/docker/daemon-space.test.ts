import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { annotations, digestOf, mediaTypes, nameImage, openLayout, writeBlob, writeLayer } from '@fairway/image';
import type { Layout } from '@fairway/image';
import { lackedLayers, spaceInDaemon } from './daemon-space.ts';
import { connectDocker } from './engine.ts';
import { exportImage } from './export-image.ts';
import { importImage } from './import-image.ts';

/** As much of the Engine API as says what the daemon is and has, as its reference describes it. */
let server: Server;
let images: Map<string, { Id: string; Size: number; layers: readonly string[] }>;
let root: string;
let folder: string;
let layout: Layout;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-daemon-'));
  layout = await openLayout(join(folder, 'layout'));
  root = folder;
  images = new Map();
  server = createServer(({ url = '' }, response) => {
    const reply = (status: number, body: object) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.endsWith('/version')) return reply(200, { Version: '20.10.24', Arch: 'amd64' });
    if (url.endsWith('/info')) return reply(200, { Runtimes: { runc: {} }, DockerRootDir: root });
    if (url.endsWith('/networks')) return reply(200, [{ Name: 'bridge' }]);
    const found = images.get(
      /\/images\/(?:docker\.io\/library\/)?(.+)\/json$/.exec(decodeURIComponent(url))?.[1] ?? '',
    );
    if (!found) return reply(404, { message: 'No such image' });
    return reply(200, { ...found, Config: {}, RootFS: { Layers: found.layers } });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
  await rm(folder, { recursive: true });
});

const connect = () => connectDocker(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
const mebibyte = 1 << 20;
/** A layer of so many mebibytes that compress to nearly nothing. */
const layer = (fill: string, mebibytes: number) => writeLayer(layout, [Buffer.alloc(mebibytes * mebibyte, fill)]);

async function stored(name: string, layers: readonly Awaited<ReturnType<typeof layer>>[]): Promise<string> {
  const json = (value: object) => [Buffer.from(JSON.stringify(value))];
  const config = { rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) } };
  const manifest = {
    ...{ schemaVersion: 2, mediaType: mediaTypes.manifest },
    config: await writeBlob(layout, mediaTypes.config, json(config)),
    layers: layers.map(({ descriptor }) => descriptor),
  };
  const written = await writeBlob(layout, mediaTypes.manifest, json(manifest));
  await nameImage(layout, name, written, { [annotations.engineName]: `docker.io/library/${name}` });
  return written.digest;
}

test('a daemon has the layers below the first that differs, and needs what is sent and what is unpacked of the others', async () => {
  const [base, weights, own] = [await layer('a', 1), await layer('b', 8), await layer('c', 2)];
  const engine = await connect();
  images.set('a:1', { Id: digestOf('a'), Size: 0, layers: [base, own, weights].map(({ diffId }) => diffId) });
  await stored('a:1', [base, own, weights]);
  const other = await stored('a:1-slim', [base, weights, own]);
  expect(await lackedLayers(engine, layout, other)).toEqual([weights.descriptor, own.descriptor]);
  const sent = weights.descriptor.size + own.descriptor.size;
  expect(await spaceInDaemon(engine, layout, await lackedLayers(engine, layout, other))).toEqual([
    { folder, bytes: 10 * mebibyte + sent },
  ]);
});

test('of an image that it has the daemon lacks nothing, and of one that it does not know every layer', async () => {
  const [base, own] = [await layer('a', 1), await layer('c', 2)];
  const engine = await connect();
  const digest = await stored('a:1', [base, own]);
  expect(await lackedLayers(engine, layout, digest)).toEqual([base.descriptor, own.descriptor]);
  images.set('a:1', { Id: digestOf('a'), Size: 0, layers: [base.diffId, own.diffId] });
  expect(await lackedLayers(engine, layout, digest)).toEqual([]);
  expect(await spaceInDaemon(engine, layout, [])).toEqual([]);
});

test('a daemon whose folder is not of this machine, as in a virtual machine, is not looked at', async () => {
  root = join(folder, 'elsewhere');
  const engine = await connect();
  expect(engine.dataRoot).toBeUndefined();
  expect(await spaceInDaemon(engine, layout, [(await layer('a', 1)).descriptor])).toEqual([]);
});

test('an image for which the daemon’s disk has no room is not sent', async () => {
  const large = await layer('a', 1);
  // as much as a layer has that was compressed from a petabyte
  const digest = await stored('a:1', [{ ...large, descriptor: { ...large.descriptor, size: 1e15 } }]);
  await expect(importImage(await connect(), layout, digest)).rejects.toThrow(
    new RegExp(`^Docker's copy of the image a:1 takes up to [\\d.]+ GB in ${folder}, and [\\d.]+ GB are free there\\.`),
  );
});

test('a new image with layers that the layout has needs room for the others alone', async () => {
  // the daemon counts what is unpacked, and the layout has what is compressed
  const base = await layer('a', 64);
  await stored('a:1', [base]);
  images.set('a:2', { Id: digestOf('b'), Size: 1e15, layers: [base.diffId, digestOf('new')] });
  const failed = await exportImage(await connect(), layout, { image: 'a:2', name: 'build' }).catch(String);
  const [, needed] = /takes up to ([\d.]+) GB/.exec(String(failed)) ?? [];
  expect(Number(needed)).toBe(999_999.94);
  images.set('a:2', { ...images.get('a:2')!, Size: 64 * mebibyte + 1 });
  await expect(exportImage(await connect(), layout, { image: 'a:2', name: 'build' })).rejects.toThrow(/No such image/);
});
