import { helloDelivery } from '../testing/hello-delivery.ts';
import { commitAddress, pullRequest } from './commit-address.ts';

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

const run = 'https://ghe.example.com/acme/llm/actions/runs/42';

test.each([
  ['Merge pull request #41 from acme/longer-context', run, '41'],
  ['Serve with a longer context (#41)', run, '41'],
  // an issue
  ['Close #41', run, undefined],
  ['Serve with a longer context (#41)', 'laptop', undefined],
])('the pull request of “%s” from %s', (subject, origin, number) => {
  const { record } = helloDelivery();
  expect(pullRequest({ record: { ...record, source: { subject } }, origin })).toEqual(
    number && { number, address: `https://ghe.example.com/acme/llm/pull/${number}` },
  );
});
