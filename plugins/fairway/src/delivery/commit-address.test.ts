import { commitAddress, pullRequestOf } from './commit-address.ts';

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

test.each([
  ['Raise the context to 32k (#12)', '12'],
  ['Merge pull request #345 from acme/long-context', '345'],
  ['Fix #12 for good', undefined],
  ['Undo "(#12)" and go on', undefined],
])('the pull request of "%s"', (subject, number) => {
  const address = number && `https://github.com/acme/llm/pull/${number}`;
  expect(pullRequestOf(subject, 'https://github.com/acme/llm/actions/runs/42')?.address).toBe(address);
});

test('a laptop has no pull requests', () => {
  expect(pullRequestOf('Raise the context to 32k (#12)', 'laptop')).toBeUndefined();
});
