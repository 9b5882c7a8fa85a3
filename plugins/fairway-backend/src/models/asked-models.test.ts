import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigReader } from '@backstage/config';
import { safetensors } from '../../../../test/fixtures/models.ts';
import { configuredModels, type AskedModels } from './asked-models.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const config = { model_type: 'llama', num_hidden_layers: 2, num_attention_heads: 4, hidden_size: 64 };

let server: Server;
let models: AskedModels;
let files: Record<string, Buffer>;
let asked: string[];

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    if (request.headers.authorization !== 'Bearer hush') return void response.writeHead(401).end();
    if (/^\/api\/models\/team\/tiny\/revision\/(main|[0-9a-f]{40})$/.test(path)) {
      const siblings = Object.keys(files).map(rfilename => ({ rfilename }));
      return void response.end(JSON.stringify({ sha: commit, siblings }));
    }
    const content = files[path.replace(`/team/tiny/resolve/${commit}/`, '')];
    if (!content) return void response.writeHead(404).end();
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (from === undefined) return void response.end(content);
    response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${content.length}` });
    response.end(content.subarray(Number(from), Number(to) + 1));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  asked = [];
  files = {
    'model.safetensors': safetensors([{ name: 'embedding', shape: [1000, 64] }]),
    'config.json': Buffer.from(JSON.stringify(config)),
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  models = configuredModels(new ConfigReader({ fairway: { hub: { url, token: 'hush' } } }));
});
afterAll(() => (server.closeAllConnections(), server.close()));

test('a model is known by its name, and its headers are read once', async () => {
  const facts = { bytes: 128_000, format: 'safetensors', kvHeads: 4, cache: [expect.objectContaining({ layers: 2 })] };
  expect(await models.facts({ reference: 'team/tiny' })).toMatchObject(facts);
  asked = [];
  expect(await models.facts({ reference: 'hf://team/tiny@main' })).toMatchObject(facts);
  // only which commit the branch is at
  expect(asked).toEqual(['/api/models/team/tiny/revision/main']);
});

test('a configuration of a plain model is enough', async () => {
  const more = { ...config, intermediate_size: 256, vocab_size: 1000, torch_dtype: 'bfloat16' };
  expect(await models.facts({ config: JSON.stringify(more) })).toMatchObject({
    // embedding and output, and in each layer four matrices of the attention and three of the feed-forward
    bytes: 2 * (2 * 1000 * 64 + 2 * (4 * 64 * 64 + 3 * 64 * 256)),
    cache: [expect.objectContaining({ layers: 2, kvHeads: 4, keyDim: 16 })],
  });
  expect(asked).toEqual([]);
});

test.each<[string, Parameters<AskedModels['facts']>[0], RegExp]>([
  ['no name', { reference: 'tiny' }, /"tiny" names no model\. Write organization\/name as on the hub/],
  ['an unknown name', { reference: 'team/none' }, /knows no hf:\/\/team\/none@main .*Check the name/],
  ['no JSON', { config: '{' }, /^The config\.json is not valid JSON: /],
  ['experts', { config: '{"model_type":"mixtral"}' }, /^The config\.json does not say how large .*Give the name/],
])('%s is one sentence that says what to do', async (_name, model, expected) => {
  await expect(models.facts(model)).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringMatching(expected),
  });
});

test('a model without a readable shape is named, and asked for again', async () => {
  files['config.json'] = Buffer.from('{"model_type":"other"}');
  await expect(models.facts({ reference: 'team/tiny' })).rejects.toMatchObject({
    message: expect.stringMatching(/does not say its layers, .*Give its numbers\.$/),
    coded: { code: 'answer.modelShape' },
  });
  files = {};
  const elsewhere = configuredModels(new ConfigReader({ fairway: { hub: { url: 'http://127.0.0.1:1' } } }));
  await expect(elsewhere.facts({ reference: 'team/tiny' })).rejects.toMatchObject({
    name: 'ServiceUnavailableError',
    message: expect.stringContaining('127.0.0.1:1'),
    coded: { code: 'answer.hub', parameters: { words: { code: 'list.then' } } },
  });
});

it('names a model with the commit of today', async () => {
  expect(await models.named('https://huggingface.co/team/tiny')).toMatchObject({
    reference: `hf://team/tiny@${commit}`,
    facts: { bytes: 128_000, format: 'safetensors' },
  });
  await expect(models.named('team/none')).rejects.toMatchObject({ name: 'InputError' });
});
