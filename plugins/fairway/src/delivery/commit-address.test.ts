import { commitAddress } from './commit-address.ts';

const commit = 'ca58f80f2117378b67eae20b9a5f197c1da3434a';

test.each([
  ['https://github.com/acme/llm/actions/runs/42', `https://github.com/acme/llm/commit/${commit}`],
  ['https://ghe.example.com/acme/llm/actions/runs/42/attempts/2', `https://ghe.example.com/acme/llm/commit/${commit}`],
  ['laptop', undefined],
  ['https://ci.example.com/builds/42', undefined],
  ['javascript:alert(1)//acme/llm/actions/runs/42', undefined],
])('a delivery from %s', (origin, expected) => {
  expect(commitAddress({ origin, commit })).toBe(expected);
});

test('without a commit there is nothing to lead to', () => {
  expect(commitAddress({ origin: 'https://github.com/acme/llm/actions/runs/42' })).toBeUndefined();
});
