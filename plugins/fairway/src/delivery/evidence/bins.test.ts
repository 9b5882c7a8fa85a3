import { binsOf } from './bins.ts';

test('values are counted in bins with round limits, none is lost', () => {
  const bins = binsOf([25.95, 26.94, 8.1, 8.9, 32.53, 10]);
  expect(bins[0]).toEqual({ from: 8, to: 10, count: 2 });
  expect(bins[1]).toEqual({ from: 10, to: 12, count: 1 });
  expect(bins.at(-1)).toEqual({ from: 32, to: 34, count: 1 });
  expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(6);
});

test('values that are all the same, and no value', () => {
  expect(binsOf([5, 5]).map(bin => bin.count)).toEqual([2]);
  expect(binsOf([0]).map(bin => bin.count)).toEqual([1]);
  expect(binsOf([])).toEqual([]);
});
