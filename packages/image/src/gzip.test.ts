import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { gzip } from './gzip.ts';

const mebibyte = 1 << 20;
const text = Buffer.from('what compresses well, as the sources of packages do. '.repeat(60_000));

async function compressed(...chunks: readonly Uint8Array[]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of gzip(Readable.from(chunks))) pieces.push(piece);
  return Buffer.concat(pieces);
}

test.each([
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.from('a')],
  ['a piece', randomBytes(mebibyte)],
  ['a piece and a byte', randomBytes(mebibyte + 1)],
  ['several pieces of both kinds', Buffer.concat([text, randomBytes(3 * mebibyte), text])],
])('GNU gzip and zlib read %s as it was', async (_what, content) => {
  const file = await compressed(content);
  expect(gunzipSync(file).equals(content)).toBe(true);
  const child = promisify(execFile)('sh', ['-c', 'gzip -dc | sha256sum']);
  child.child.stdin!.end(file);
  expect((await child).stdout).toContain(createHash('sha256').update(content).digest('hex'));
});

test('the same bytes give the same file, however they come', async () => {
  const content = Buffer.concat([text, randomBytes(100)]);
  const whole = await compressed(content);
  const cut = Array.from({ length: 1000 }, (_, at) => content.subarray(at * 3500, (at + 1) * 3500));
  expect((await compressed(...cut)).equals(whole)).toBe(true);
});

test('it is as small as zlib makes it at this level, and what does not get smaller stays as large as it is', async () => {
  expect((await compressed(text)).length).toBeLessThan(gzipSync(text, { level: 4 }).length * 1.05);
  const random = randomBytes(4 * mebibyte);
  expect((await compressed(random)).length).toBeLessThan(random.length * 1.001);
});

test('what fails on the way in fails the way out', async () => {
  const broken = async function* () {
    yield text;
    throw new Error('broken off');
  };
  const read = async () => {
    for await (const piece of gzip(broken())) void piece;
  };
  await expect(read()).rejects.toThrow('broken off');
});
