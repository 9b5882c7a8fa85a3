import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { portHolder } from './port-holder.ts';

test('names the process that listens, and nobody once it has stopped', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(portHolder(port)).resolves.toContain(`(process ${process.pid})`);
  server.close();
  await once(server, 'close');
  await expect(portHolder(port)).resolves.toBeUndefined();
});
