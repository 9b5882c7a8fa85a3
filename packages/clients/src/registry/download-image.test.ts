import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { digestOf, downloadImage, manifestTypes, openRepository, parseRepository } from './index.ts';

const layer = Buffer.from('the files');
const config = Buffer.from('{"architecture":"amd64"}');
const image = json({
  schemaVersion: 2,
  mediaType: manifestTypes.image,
  config: descriptorOf(config, 'application/vnd.oci.image.config.v1+json'),
  layers: [descriptorOf(layer, 'application/vnd.oci.image.layer.v1.tar+gzip')],
});
const index = json({
  schemaVersion: 2,
  mediaType: manifestTypes.index,
  manifests: [
    { ...descriptorOf(Buffer.from('other'), manifestTypes.image), platform: { os: 'linux', architecture: 'arm64' } },
    { ...descriptorOf(image, manifestTypes.image), platform: { os: 'linux', architecture: 'amd64' } },
  ],
});

let server: Server;
let folder: string;
const content = new Map<string, Buffer>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-download-'));
  content.clear();
  for (const bytes of [image, index]) content.set(`/v2/team/thing/manifests/${digestOf(bytes)}`, bytes);
  for (const bytes of [config, layer]) content.set(`/v2/team/thing/blobs/${digestOf(bytes)}`, bytes);
  server = createServer((request, response) => {
    const bytes = content.get(request.url ?? '');
    response.writeHead(bytes ? 200 : 404, {
      'content-type': bytes === index ? manifestTypes.index : manifestTypes.image,
    });
    response.end(bytes);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await new Promise(resolve => server.close(resolve));
  await rm(folder, { recursive: true });
});

function download(digest: string, architecture = 'x64'): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const repository = openRepository(parseRepository(`127.0.0.1:${port}/team/thing`), {}, new AbortController().signal);
  const archive = join(folder, 'image.tar');
  return downloadImage(repository, { digest, architecture, name: 'localhost/thing:1', archive, progress: () => {} });
}

test.each([
  ['an index', digestOf(index)],
  ['an image', digestOf(image)],
])('%s becomes an archive whose bytes are the registry’s', async (_, digest) => {
  await download(digest);
  const files = await unpack(join(folder, 'image.tar'));
  for (const bytes of [image, config, layer])
    expect(files.get(`blobs/${digestOf(bytes).replace(':', '/')}`)).toEqual(bytes);
  const written = JSON.parse(String(files.get('index.json'))) as { manifests: object[] };
  expect(written.manifests).toMatchObject([
    { digest: digestOf(image), size: image.length, annotations: { 'io.containerd.image.name': 'localhost/thing:1' } },
  ]);
});

test('other bytes than the digest says are refused, of the index as of a layer', async () => {
  content.set(`/v2/team/thing/blobs/${digestOf(layer)}`, Buffer.from('something else'));
  await expect(download(digestOf(index))).rejects.toThrow(`@${digestOf(layer)}`);
  content.set(`/v2/team/thing/manifests/${digestOf(index)}`, image);
  await expect(download(digestOf(index))).rejects.toThrow(`@${digestOf(index)}`);
});

test('an architecture that the image lacks, and an image that the registry lacks, are said', async () => {
  await expect(download(digestOf(index), 'riscv64')).rejects.toThrow('it has no image for linux/riscv64');
  await expect(download(`sha256:${'0'.repeat(64)}`)).rejects.toThrow('the registry does not have it');
});

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function descriptorOf(bytes: Buffer, mediaType: string) {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

async function unpack(archive: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const reader = extract();
  Readable.from([await readFile(archive)]).pipe(reader as unknown as NodeJS.WritableStream);
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    files.set(entry.header.name, Buffer.concat(chunks));
  }
  return files;
}
