import { helloDelivery } from '../testing/hello-delivery.ts';
import { changeLink } from './change-link.ts';

const run = 'https://ghe.example.com/acme/llm/actions/runs/42';

test.each([
  ['Merge pull request #41 from acme/longer-context', run, '41'],
  ['Serve with a longer context (#41)', run, '41'],
  // an issue
  ['Close #41', run, undefined],
  ['Serve with a longer context (#41)', 'laptop', undefined],
])('the pull request of “%s” from %s', (subject, origin, number) => {
  const { record } = helloDelivery();
  expect(changeLink({ record: { ...record, source: { subject, mergeRequest: '7' } }, origin })).toEqual(
    number && { server: 'github', number, address: `https://ghe.example.com/acme/llm/pull/${number}` },
  );
});

test('the merge request that the record names', () => {
  const { record } = helloDelivery();
  const origin = 'https://gitlab.com/acme/llm/-/pipelines/42';
  const source = { subject: 'Serve with a longer context (#3)', mergeRequest: '41' };
  expect(changeLink({ record: { ...record, source }, origin })).toEqual({
    ...{ server: 'gitlab', number: '41' },
    address: 'https://gitlab.com/acme/llm/-/merge_requests/41',
  });
  expect(changeLink({ record: { ...record, source: { subject: source.subject } }, origin })).toBeUndefined();
});
