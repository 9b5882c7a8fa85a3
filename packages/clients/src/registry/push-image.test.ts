import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mediaTypes, nameImage, openLayout, writeBlob } from '@fairway/image';
import { openRepository, parseRepository, pushImage } from './index.ts';

test('where one blob is rejected, nothing waits for a registry that gives the others no answer', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-push-'));
  const layout = await openLayout(folder);
  const layer = await writeBlob(layout, mediaTypes.gzipLayer, [Buffer.from('a layer')]);
  const config = await writeBlob(layout, mediaTypes.config, [Buffer.from('{}')]);
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: [layer] };
  const image = await writeBlob(layout, mediaTypes.manifest, [Buffer.from(JSON.stringify(manifest))]);
  await nameImage(layout, 'a', image);
  let cut: Promise<unknown> | undefined;
  let waits = () => {};
  const waiting = new Promise<void>(resolve => (waits = resolve));
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://registry');
    request.resume();
    if (request.method === 'HEAD') return response.writeHead(404).end();
    if (request.method === 'POST') return response.writeHead(202, { location: `${pathname}1` }).end();
    if (searchParams.get('digest') === layer.digest) {
      cut = once(response, 'close');
      return waits();
    }
    await waiting;
    response.writeHead(507).end('no space left on device');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const client = openRepository(parseRepository(`127.0.0.1:${port}/a`), {}, new AbortController().signal);
    const pushed = pushImage(client, layout, { digest: image.digest, tag: '1', progress() {} });
    await expect(pushed).rejects.toThrow(/ended with 507: no space left on device/);
    expect(cut).toBeDefined();
    await cut;
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  }
});
