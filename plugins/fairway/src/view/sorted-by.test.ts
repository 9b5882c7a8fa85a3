import { sortedBy } from './sorted-by.ts';

test('what has no value stands last in both directions, and equal ones keep their order', () => {
  const items = [{ id: 'a', n: 2 }, { id: 'b' }, { id: 'c', n: 10 }, { id: 'd', n: 2 }];
  const ids = (descending: boolean) =>
    sortedBy(items, ({ n }) => n, descending)
      .map(({ id }) => id)
      .join('');
  expect(ids(false)).toBe('adcb');
  expect(ids(true)).toBe('cadb');
});
