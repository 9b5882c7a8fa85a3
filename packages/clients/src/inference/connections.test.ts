import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { Connections } from './connections.ts';

/** A server of raw bytes: one answer after the other, whatever is asked. */
async function serve(answers: readonly ((socket: net.Socket) => void)[]) {
  let requests = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', () => answers[requests++]?.(socket));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const connections = new Connections(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () =>
    performance.now(),
  );
  return {
    sockets,
    get: () =>
      new Promise<{ status: number; headers: Record<string, string>; body: string }>((resolve, reject) => {
        let status = 0;
        let headers = {};
        let body = '';
        connections.send(
          { method: 'GET', path: '/', headers: {}, body: undefined },
          {
            head: (code, fields) => ([status, headers] = [code, fields]),
            body: bytes => (body += bytes),
            end: () => resolve({ status, headers, body }),
            broke: reject,
          },
        );
      }),
    close() {
      connections.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const say = (bytes: string) => (socket: net.Socket) => void socket.write(bytes);
const inReads = (parts: readonly string[]) => async (socket: net.Socket) => {
  socket.setNoDelay(true);
  for (const part of parts) {
    socket.write(part);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
};
const slowly = (bytes: string) => async (socket: net.Socket) => {
  for (const byte of bytes) {
    socket.write(byte);
    await new Promise(resolve => setImmediate(resolve));
  }
};

const chunked =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\nx-a: 2\r\n\r\n5;note=x\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: t\r\n\r\n';

const sizes = [1, 14, 15, 16, 17, 254, 255, 256, 257, 4094, 4095, 4096, 4097];

test.each<[string, (socket: net.Socket) => void, string, number]>([
  ['chunks with extensions and trailers', say(chunked), 'hello!', 200],
  ['the same byte by byte', slowly(chunked), 'hello!', 200],
  [
    'whole chunks, parts of them, and several in one read',
    inReads([
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      ...[
        '5\r\nhello\r\n',
        'A\r\n\r\n012345\r\n\r\n',
        '2;x\r\nab\r\n',
        '2\r\nc',
        'd\r\n1',
        '1\r\n0123456789abcdefg\r\n',
      ],
      ...['1\r\n!\r\n1\r\n?\r\n', '04\r\n0\r\n\r\r\n', '0\r\n\r\n'],
    ]),
    'hello\r\n012345\r\nabcd0123456789abcdefg!?0\r\n\r',
    200,
  ],
  [
    'whole chunks about as long as sizes of one, two, three and four digits go',
    inReads([
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      ...sizes.map(size => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`),
      '0\r\n\r\n',
    ]),
    'x'.repeat(sizes.reduce((sum, size) => sum + size, 0)),
    200,
  ],
  ['a length', say('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'), 'hello', 200],
  [
    'interim answers before it',
    say('HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    'ok',
    200,
  ],
  ['no body', say('HTTP/1.1 204 No Content\r\n\r\n'), '', 204],
  ['the end of the connection', socket => void socket.end('HTTP/1.1 200 OK\r\n\r\nhello'), 'hello', 200],
])('a body with %s', async (_name, answer, body, status) => {
  const server = await serve([answer]);
  expect(await server.get()).toMatchObject({ status, body });
  server.close();
});

test('headers have lower-case names, and one that came twice both values', async () => {
  const server = await serve([say(chunked)]);
  expect((await server.get()).headers).toMatchObject({ 'transfer-encoding': 'chunked', 'x-a': '1, 2' });
  server.close();
});

test('one connection serves request after request, unless the server closes it', async () => {
  const server = await serve([
    say(chunked),
    say('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
    say(chunked),
  ]);
  for (let count = 0; count < 3; count++) expect((await server.get()).status).toBe(200);
  expect(server.sockets.size).toBe(2);
  server.close();
});

test('a kept connection that is lost when it is used again is replaced, once', async () => {
  const server = await serve([say(chunked), socket => socket.destroy(), say(chunked)]);
  expect((await server.get()).body).toBe('hello!');
  expect((await server.get()).body).toBe('hello!');
  server.close();
});

test.each<[string, (socket: net.Socket) => void, RegExp]>([
  ['a first request is not sent twice', socket => socket.destroy(), /closed|ECONNRESET/],
  [
    'an end in the middle',
    socket => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel'),
    /closed before/,
  ],
  [
    'a chunk that is longer than it says',
    inReads(['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\na\r\n', '1\r\nab\r\n']),
    /Parse Error|Expected empty line/,
  ],
  ['what is not HTTP', say('SSH-2.0-OpenSSH_9.2\r\n'), /Parse Error/],
])('%s', async (_name, answer, message) => {
  const server = await serve([answer]);
  await expect(server.get()).rejects.toThrow(message);
  server.close();
});

test('a header cannot smuggle in another one', async () => {
  const connections = new Connections('http://127.0.0.1:1', () => 0);
  const send = () =>
    connections.send({ method: 'GET', path: '/', headers: { a: 'b\r\nc: d' }, body: undefined }, {} as never);
  expect(send).toThrow('The header a holds a line break.');
});
