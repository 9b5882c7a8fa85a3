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
  ['several answers', { temperature: 0, n: 2 }, false],
  ['the best of several', { temperature: 0, best_of: 2 }, false],
  ['an answer that is to be stored', { temperature: 0, store: true }, false],
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
});

test('embeddings are always the same, and a response that goes on from an earlier one is not', () => {
  expect(asks({ input: 'hello' }, '/v1/embeddings')).toBe(true);
  expect(asks({ temperature: 0 }, '/v1/responses')).toBe(false);
});

test.each(['', '[1]', '"text"', '{'])('what is no request is not cached: %s', body => {
  expect(isDeterministic(chat, Buffer.from(body))).toBe(false);
});
