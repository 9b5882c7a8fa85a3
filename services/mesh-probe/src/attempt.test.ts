import { createServer as createPlainServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:tls';
import { attempt, reach } from './attempt.ts';
import { foreignCertificate } from './foreign-certificate.ts';

const host = '127.0.0.1';
let server: Server;
let port: number;
let own: Awaited<ReturnType<typeof foreignCertificate>>;

beforeAll(async () => {
  // a server that lets in whoever has the one certificate that it knows
  own = await foreignCertificate('spiffe://example.org/ns/a/sa/own');
  server = createServer(
    { key: own.key, cert: own.chain, ca: [own.chain], requestCert: true, rejectUnauthorized: true },
    socket => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
    },
  ).listen(0, host);
  server.on('tlsClientError', () => undefined);
  await new Promise(resolve => server.once('listening', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

test('whoever is known gets an answer', async () => {
  expect(await attempt({ host, port, tls: own })).toEqual({ status: 403, seen: 'HTTP 403' });
});

test('plain text, no certificate and a foreign one with the same name get none', async () => {
  const foreign = await foreignCertificate('spiffe://example.org/ns/a/sa/own');
  for (const tls of [undefined, {}, foreign]) expect(await attempt({ host, port, tls })).not.toHaveProperty('status');
});

test('a port at which nobody listens gives no connection', async () => {
  const closed = createPlainServer().listen(0, host);
  await new Promise(resolve => closed.once('listening', resolve));
  const { port: free } = closed.address() as AddressInfo;
  await new Promise(resolve => closed.close(resolve));
  expect(await reach({ host, port: free })).toEqual({ connected: false, seen: 'ECONNREFUSED' });
  expect(await reach({ host, port })).toMatchObject({ connected: true });
});
