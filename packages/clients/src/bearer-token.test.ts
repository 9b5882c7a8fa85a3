import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenOfCommand, tokenOfFile } from './bearer-token.ts';
import { prometheus } from './prometheus/index.ts';

let valid = 'first';
const server = createServer((request, response) => {
  if (request.headers.authorization !== `Bearer ${valid}`) return void response.writeHead(401).end('token expired');
  response.end(JSON.stringify({ status: 'success', data: { result: [] } }));
});
let url: string;
let root: string;
let file: string;

beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  root = await mkdtemp(join(tmpdir(), 'fairway-token-'));
  file = join(root, 'token');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true });
});

/** As the kubelet renews the token of a pod: in the place of the old file, at once. */
async function write(text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

test('a file is read again, so a renewed token is used without a restart', async () => {
  const asked = prometheus(url, undefined, { bearer: tokenOfFile(file) });
  for (const token of ['first', 'second']) {
    valid = token;
    await write(`${token}\n`);
    expect(await asked.query('up')).toEqual([]);
  }
});

test('a command runs once for many requests, and again when its token is denied', async () => {
  const runs = join(root, 'runs');
  const asked = prometheus(url, undefined, { bearer: tokenOfCommand(`echo run >> ${runs}; cat ${file}`) });
  const counted = async () => (await readFile(runs, 'utf8')).trim().split('\n').length;
  valid = 'first';
  await write('first');
  await Promise.all([asked.query('a'), asked.query('b'), asked.query('c')]);
  expect(await counted()).toBe(1);
  valid = 'second';
  await write('second');
  expect(await asked.query('up')).toEqual([]);
  expect(await counted()).toBe(2);
  await write('wrong-secret');
  valid = 'third';
  const said = String(await asked.query('up').catch((error: unknown) => error));
  expect(said).toMatch(/ended with 401: token expired/);
  expect(said).not.toContain('wrong-secret');
});

test.each([
  ['nothing', 'true', /it has nothing where a token/],
  ['more than a token', 'echo Access token: hush-hush', /it has more than one word where a token/],
  ['a failure', 'echo "no such account" >&2; exit 3', /ended with 3: no such account/],
])('a command that gives %s', async (_name, command, message) => {
  const said = String(await tokenOfCommand(command)(false).catch((error: unknown) => error));
  expect(said).toMatch(message);
});

test('a file that is not there', async () => {
  await expect(tokenOfFile(join(root, 'none'))(false)).rejects.toThrow(/token file: reading .*none ended with ENOENT/);
});
