import { highestRate } from './highest-rate.ts';

const upTo = (capacity: number) => async (rate: number) => ({ run: rate, held: rate <= capacity });
const range = { start: 4, least: 1, most: 64, refinements: 2 };

test.each([
  ['doubles, then looks between', 22, [4, 8, 16, 32, 22.6, 19], 19, 22.6],
  ['goes down where the first is too much', 1.2, [4, 2, 1, 1.41, 1.19], 1.19, 1.41],
  ['ends at the most', 1000, [4, 8, 16, 32, 64], 64, undefined],
  ['ends at the least', 0, [4, 2, 1], undefined, 1],
])('%s', async (_what, capacity, rates, held, missed) => {
  const found = await highestRate(range, upTo(capacity));
  expect(found.runs.map(one => one.rate)).toEqual(rates);
  expect(found).toMatchObject({ held, missed });
});
