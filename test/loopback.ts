import { createServer, type AddressInfo, type Server } from 'node:net';

/** @returns the port on which the server listens from now on */
export function listen(server: Server): Promise<number> {
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

/** Different ones: each is free only when all are found. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map(listen));
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}
