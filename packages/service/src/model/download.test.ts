import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadFile } from './download.ts';
import type { Hub, HubFile } from './hub.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const reference = `hf://team/tiny@${commit}`;
const content = Buffer.from('the weights of a model\n'.repeat(5000));

let folder: string;
let target: string;
let server: Server;
let hub: Hub;
let ranges: (string | undefined)[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-download-'));
  target = join(folder, 'file');
  ranges = [];
  answer = sendRange;
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  hub = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, fetch };
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** RFC 9110, 14: what a server does that knows ranges. */
function sendRange(request: IncomingMessage, response: ServerResponse, most = content.length): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const headers = { 'content-length': content.length - from };
  if (from > 0)
    response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` });
  else response.writeHead(200, headers);
  const part = content.subarray(from, from + most);
  response.write(part, () => (part.length < content.length - from ? response.destroy() : response.end()));
}

/** As other programs compute it. */
function hashOf(kind: HubFile['hash']['kind'], bytes = content): HubFile['hash'] {
  const [program, args] = kind === 'git' ? ['git', ['hash-object', '--stdin']] : ['sha256sum', []];
  return {
    kind,
    hex: execFileSync(program!, args as string[], { input: bytes })
      .toString()
      .split(/\s/)[0]!,
  };
}

async function download(hash: HubFile['hash'], size = content.length): Promise<number> {
  let bytes = 0;
  const file = { path: 'model.safetensors', url: `/team/tiny/resolve/${commit}/model.safetensors`, size, hash };
  await downloadFile(hub, {
    ...{ reference, file, target, signal: new AbortController().signal },
    passed: part => (bytes += part),
  });
  return bytes;
}

test.each(['sha256', 'git'] as const)('a file is taken with the right hash of the kind %s', async kind => {
  expect(await download(hashOf(kind))).toBe(content.length);
  expect(await readFile(target)).toEqual(content);
});

test.each(['sha256', 'git'] as const)(
  'another content is deleted, and both hashes of the kind %s are said',
  async kind => {
    const [wanted, found] = [hashOf(kind, Buffer.from('another')), hashOf(kind)];
    await expect(download(wanted)).rejects.toThrow(
      `model.safetensors of ${reference} is not what its commit has: its ${kind === 'git' ? 'git hash (SHA-1)' : 'SHA-256'} is ${found.hex}, and it must be ${wanted.hex}. What came was deleted. Run again`,
    );
    await expect(readFile(target)).rejects.toThrow('ENOENT');
  },
);

test('what a redirect leads to is proved too, and does not get the token', async () => {
  const authorizations: (string | undefined)[] = [];
  const elsewhere = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    response.end(Buffer.from(content).fill('x', 10, 11));
  });
  await new Promise<void>(resolve => elsewhere.listen(0, '127.0.0.2', resolve));
  const location = `http://127.0.0.2:${(elsewhere.address() as AddressInfo).port}/blob`;
  answer = (_request, response) => response.writeHead(302, { location }).end();
  hub = { ...hub, token: 'let-me-in' };
  await expect(download(hashOf('sha256'))).rejects.toThrow('is not what its commit has');
  expect(authorizations).toEqual([undefined]);
  elsewhere.close();
});

test('a file that breaks off goes on where it was', async () => {
  answer = (request, response) => sendRange(request, response, 50_000);
  expect(await download(hashOf('sha256'))).toBe(content.length);
  expect(ranges[0]).toBeUndefined();
  expect(ranges.length).toBeGreaterThan(2);
  expect(await readFile(target)).toEqual(content);
});

test('what an earlier run left is not asked for again', async () => {
  await writeFile(target, content.subarray(0, 100_000));
  await download(hashOf('git'));
  expect(ranges).toEqual(['bytes=100000-']);
  await download(hashOf('git'));
  expect(ranges).toHaveLength(1);
});

test('a hub that knows no ranges sends it from the beginning', async () => {
  await writeFile(target, content.subarray(0, 100_000));
  answer = (_request, response) => void response.end(content);
  expect(await download(hashOf('sha256'))).toBe(content.length);
  expect(await readFile(target)).toEqual(content);
});

test('a hub that sends no byte more is given up', async () => {
  await writeFile(target, content.subarray(0, 1000));
  answer = (request, response) => sendRange(request, response, 0);
  await expect(download(hashOf('sha256'))).rejects.toThrow(
    /model\.safetensors broke off after 1000 of 115000 bytes, 5 times without a byte more: .*Run again: it goes on from there/,
  );
  expect(await readFile(target)).toHaveLength(1000);
});

test('more than the commit has is not written down', async () => {
  await expect(download(hashOf('sha256'), 1000)).rejects.toThrow('sent more than the 1000 bytes that the commit has');
  await expect(readFile(target)).rejects.toThrow('ENOENT');
});

test.each([
  [401, undefined, 'It is private or asks for consent: give a token that may read it (HF_TOKEN).'],
  [403, 'mine', 'The token given may not read it: accept the terms on the model page, or use another token.'],
])('%d says what to do', async (status, token, advice) => {
  answer = (_request, response) => response.writeHead(status).end();
  hub = { ...hub, token };
  await expect(download(hashOf('sha256'))).rejects.toThrow(advice);
});

test('an interrupt keeps what came', async () => {
  const stop = new AbortController();
  answer = (_request, response) => void response.writeHead(200).write(content.subarray(0, 5000));
  const hash = hashOf('sha256');
  const file = { path: 'a', url: '/a', size: content.length, hash };
  const passed = () => stop.abort();
  await expect(downloadFile(hub, { reference, file, target, signal: stop.signal, passed })).rejects.toThrow('abort');
  expect(await readFile(target)).toHaveLength(5000);
});
