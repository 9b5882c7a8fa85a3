import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openRepository, parseRepository } from './index.ts';
import { uploadBlob } from './content.ts';

test('what of a large layer has gone up is no longer in memory', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = () => {
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const size = 64 << 20;
  const before = held();
  let after: number | undefined;
  const server = createServer(async (request, response) => {
    let received = 0;
    for await (const chunk of request) received += (chunk as Buffer).length;
    if (request.method === 'HEAD') return response.writeHead(404).end();
    if (request.method === 'POST') return response.writeHead(202, { location: `${request.url}1` }).end();
    // what was garbage by then is freed beside the program
    for (let tries = 0; received === size && tries < 50 && (after ?? Infinity) - before >= size / 4; tries++) {
      await pause(20);
      after = held();
    }
    response.writeHead(201).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const client = openRepository(parseRepository(`127.0.0.1:${port}/a`), {}, new AbortController().signal);
    const read = async (start: number, end: number) => Buffer.alloc(end - start);
    await uploadBlob(client, { mediaType: 'layer', digest: `sha256:${'0'.repeat(64)}`, size, read });
    expect(after! - before).toBeLessThan(size / 4);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
