import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gguf, safetensors, tinyLlama } from '../../../../test/fixtures/models.ts';
import { hubFiles, pinnedReference, readHubModelFacts } from './hub.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const reference = `hf://team/tiny@${commit}`;
const weights = [{ name: 'embedding', shape: [1000, 64] }];

let server: Server;
let url: string;
let sent: number;
let files: Record<string, Buffer>;
let ranges: boolean;
let needed: string | undefined;

beforeEach(async () => {
  sent = 0;
  ranges = true;
  needed = undefined;
  server = createServer((request, response) => {
    // a name's own # and ? come escaped (RFC 3986, 2.2)
    const path = decodeURIComponent((request.url ?? '').replace(/\?.*$/, ''));
    if (needed !== undefined && request.headers.authorization !== `Bearer ${needed}`)
      return void response.writeHead(401).end();
    if (path === `/api/models/team/tiny/revision/${commit}` || path === '/api/models/team/tiny/revision/main') {
      return void response.end(
        JSON.stringify({ sha: commit, siblings: Object.keys(files).map(rfilename => ({ rfilename })) }),
      );
    }
    const content = files[path.replace(`/team/tiny/resolve/${commit}/`, '')];
    if (!content) return void response.writeHead(404).end();
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (!range || !ranges) return void response.end(content);
    const [from, to] = [Number(range[1]), Math.min(Number(range[2]), content.length - 1)];
    const part = content.subarray(from, to + 1);
    sent += part.length;
    response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${content.length}` }).end(part);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise(resolve => server.close(resolve)));

test('reads the header of safetensors without the tensors', async () => {
  files = {
    'model.safetensors': safetensors(weights),
    'config.json': Buffer.from('{"num_hidden_layers":2,"num_attention_heads":4,"hidden_size":64}'),
    'README.md': Buffer.from('---\nlicense: other\nlicense_name: tiny-1\n---\n'),
  };
  expect(await readHubModelFacts(reference, { url, fetch })).toMatchObject({
    parameters: 64_000,
    bytes: 128_000,
    layers: 2,
    kvHeads: 4,
    headDim: 16,
    license: { id: 'tiny-1', source: 'README.md' },
    revision: commit,
  });
  expect(sent).toBeLessThan(1000);
});

test('reads the header of GGUF', async () => {
  files = { 'tiny.gguf': gguf(tinyLlama, weights) };
  expect(await readHubModelFacts(reference, { url, fetch })).toMatchObject({
    format: 'gguf',
    parameters: 64_000,
    layers: 2,
  });
});

test.each([
  ['a file', '/tiny-q4.gguf', 64_000],
  ['a folder, with all parts of a split file', '/q8', 128_000],
  ['one part, which stands for all', '/q8/t-00001-of-00002.gguf', 128_000],
])('reads %s of a repository that holds several', async (_name, path, parameters) => {
  files = {
    'tiny-q4.gguf': gguf(tinyLlama, weights),
    'q8/t-00001-of-00002.gguf': gguf(tinyLlama, weights),
    'q8/t-00002-of-00002.gguf': gguf({}, weights),
    'mmproj.gguf': gguf({}, weights),
  };
  expect(await readHubModelFacts(`${reference}${path}`, { url, fetch })).toMatchObject({ parameters, layers: 2 });
  await expect(readHubModelFacts(reference, { url, fetch })).rejects.toThrow(
    'holds 2 GGUF files (q8/t-00001-of-00002.gguf, tiny-q4.gguf). Name one of them',
  );
  await expect(readHubModelFacts(`${reference}/gone`, { url, fetch })).rejects.toThrow('has no file or folder gone');
});

test('sends the token', async () => {
  files = { 'tiny.gguf': gguf(tinyLlama, weights) };
  needed = 'let-me-in';
  expect(await readHubModelFacts(reference, { url, fetch, token: 'let-me-in' })).toMatchObject({ layers: 2 });
  await expect(readHubModelFacts(reference, { url, fetch })).rejects.toThrow(
    `${url} refuses ${reference} (GET /api/models/team/tiny/revision/${commit} answered 401). It is private or asks for consent: give a token that may read it (HF_TOKEN).`,
  );
  await expect(readHubModelFacts(reference, { url, fetch, token: 'wrong' })).rejects.toThrow(
    'The token given may not read it',
  );
});

test('reads a file whose name has what an address would take for its end', async () => {
  files = { 'q4/tiny #1, really?.gguf': gguf(tinyLlama, weights) };
  const { parameters } = await readHubModelFacts(`${reference}/q4/tiny #1, really?.gguf`, { url, fetch });
  expect(parameters).toBe(64_000);
});

test('refuses a model that the hub does not know', async () => {
  await expect(readHubModelFacts(`hf://team/other@${commit}`, { url, fetch })).rejects.toThrow(
    `${url} knows no hf://team/other@${commit} (GET /api/models/team/other/revision/${commit} answered 404).`,
  );
});

test('lists files with their hashes, and refuses a mirror that leaves them out', async () => {
  files = { 'tiny.gguf': gguf(tinyLlama, weights) };
  await expect(hubFiles(reference, { url, fetch })).rejects.toThrow(
    `${url} lists tiny.gguf of ${reference} without its size and hash`,
  );
});

test('refuses a hub that would send the whole model', async () => {
  files = { 'tiny.gguf': gguf(tinyLlama, weights) };
  ranges = false;
  await expect(readHubModelFacts(reference, { url, fetch })).rejects.toThrow('ignores range requests');
});

test.each([
  ['team/tiny', ''],
  [' hf://team/tiny ', ''],
  [`hf://team/tiny@${commit}`, ''],
  ['team/tiny@main/q8/tiny.gguf', '/q8/tiny.gguf'],
  ['https://hub.example.com/team/tiny/', ''],
])('"%s" is pinned to the commit that it names now', async (written, path) => {
  files = {};
  expect(await pinnedReference(written, { url, fetch })).toBe(`${reference}${path}`);
});

test.each([
  ['tiny', /"tiny" names no model\. Write organization\/name/],
  ['../api', /names no model/],
  ['team/tiny@old', /knows no hf:\/\/team\/tiny@old .*Check the name and the commit/],
])('"%s" is no model of the hub', async (written, expected) => {
  files = {};
  await expect(pinnedReference(written, { url, fetch })).rejects.toThrow(expected);
});
