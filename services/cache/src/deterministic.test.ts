import { isDeterministic } from './deterministic.ts';

const chat = '/v1/chat/completions';
const asks = (more: object, path = chat) =>
  isDeterministic(
    path,
    Buffer.from(JSON.stringify({ model: 'tiny', messages: [{ role: 'user', content: 'hello' }], ...more })),
  );

test.each([
  ['temperature 0', { temperature: 0 }, true],
  ['a seed', { seed: 7, temperature: 1 }, true],
  ['neither', {}, false],
  ['some temperature', { temperature: 0.01 }, false],
  ['no seed', { seed: null }, false],
  // `SamplingParams` of vLLM, tools/server/README.md of llama.cpp
  ['a seed that stands for another one each time', { seed: -1, temperature: 1 }, false],
  ['the same as a number without a sign', { seed: 4294967295, temperature: 1 }, false],
  ['a seed of chance where nothing is left to it', { seed: -1, temperature: 0 }, true],
  // tools/server/README.md of llama.cpp
  ['temperature 0 with a range around it', { temperature: 0, dynatemp_range: 0.5 }, false],
  ['temperature 0 without its top choices', { temperature: 0, xtc_probability: 0.5 }, false],
  ['all of it with a seed', { temperature: 0, xtc_probability: 0.5, dynatemp_range: 0.5, seed: 7 }, true],
  ['temperature 0 with these switched off', { temperature: 0, xtc_probability: 0, dynatemp_range: 0 }, true],
  ['several answers', { temperature: 0, n: 2 }, false],
  ['the best of several', { temperature: 0, best_of: 2 }, false],
  ['an answer that is to be stored', { temperature: 0, store: true }, false],
  ['nothing, written as null', { temperature: 0, n: null, best_of: null, store: null, seed: null, tools: null }, true],
  ['tools', { temperature: 0, tools: [{ type: 'function', function: { name: 'look' } }] }, true],
])('%s', (_, more, expected) => {
  expect(asks(more)).toBe(expected);
});

test('what lies at an address may change, what is in the request does not', () => {
  const image = (url: string) => ({
    temperature: 0,
    messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
  });
  expect(asks(image('https://example.org/a.png'))).toBe(false);
  expect(asks(image('data:image/png;base64,AA=='))).toBe(true);
  // vLLM takes these forms too, and pictures that it has by a name
  for (const part of [
    { type: 'image_url', image_url: 'https://example.org/a.png' },
    { type: 'audio_url', audio_url: { url: 'https://example.org/a.wav' } },
    { type: 'image_url', image_url: null, uuid: 'a' },
    { type: 'file', file: { file_id: 'file-1' } },
  ]) {
    const messages = [{ role: 'user', content: [part] }];
    expect(asks({ temperature: 0, messages })).toBe(false);
    expect(asks({ messages }, '/v1/embeddings')).toBe(false);
  }
});

test('embeddings of what is in the request are always the same', () => {
  expect(asks({ input: 'hello' }, '/v1/embeddings')).toBe(true);
  // `MultimodalEmbeddingInput` of SGLang
  const of = (image: string) => asks({ input: [{ text: 'a cat', image }] }, '/v1/embeddings');
  expect(of('https://example.org/a.png')).toBe(false);
  expect(of('data:image/png;base64,AA==')).toBe(true);
});

test.each([
  ['with temperature 0 that is not stored', {}, true],
  ['that the engine stores, as it does when nothing is said', { store: undefined }, false],
  ['with a seed, which this API has not', { temperature: 1, seed: 7 }, false],
  ['that goes on from an earlier one', { previous_response_id: 'resp_1' }, false],
  ['of a conversation', { conversation: 'conv_1' }, false],
  ['by a stored prompt', { prompt: { id: 'pmpt_1' } }, false],
  ['that is answered later', { background: true }, false],
  ["with the client's tools", { tools: [{ type: 'function', name: 'look' }] }, true],
  ["with the engine's tools", { tools: [{ type: 'web_search' }] }, false],
  ['with an item that the engine has', { input: [{ type: 'item_reference', id: 'msg_1' }] }, false],
  // `type` of an ItemReference is optional: response_input_item_param.py of openai-python
  ['with an item that the engine has, without its type', { input: [{ id: 'msg_1' }] }, false],
  ['with messages that have ids', { input: [{ id: 'msg_1', role: 'user', content: 'hello' }] }, true],
  ['with a file that the engine has', { input: [{ content: [{ type: 'input_file', file_id: 'file-1' }] }] }, false],
  [
    'with a picture at an address',
    { input: [{ content: [{ type: 'input_image', image_url: 'https://example.org/a.png' }] }] },
    false,
  ],
  [
    'with a picture in it',
    { input: [{ content: [{ type: 'input_image', image_url: 'data:image/png;base64,AA==' }] }] },
    true,
  ],
])('a response %s', (_, more, expected) => {
  expect(asks({ messages: undefined, input: 'hello', temperature: 0, store: false, ...more }, '/v1/responses')).toBe(
    expected,
  );
});

test.each(['', '[1]', '"text"', '{'])('what is no request is not cached: %s', body => {
  expect(isDeterministic(chat, Buffer.from(body))).toBe(false);
});
