import { withCost } from './cost.ts';
import type { Usage, UsageGroup } from './usage.ts';

const used = (group: Partial<Record<UsageGroup, string>>, more: Partial<Usage> = {}): Usage => ({
  group: { model: 'a', day: '2026-11-26', cache: '', ...group },
  requests: 10,
  failed: 0,
  counted: 10,
  cached: 0,
  promptTokens: 2_000_000,
  completionTokens: 1_000_000,
  streams: 0,
  ttftMilliseconds: 0,
  durationMilliseconds: 0,
  ...more,
});
const price = { model: 'a', promptPerMillion: 1, completionPerMillion: 3 };

test('tokens cost what the model cost on their day, and groups are summed up', () => {
  const usage = [used({ team: 'x', day: '2026-11-25' }), used({ team: 'x' }), used({ team: 'y' })];
  const rows = withCost(usage, ['team'], [price, { ...price, from: '2026-11-26', completionPerMillion: 5 }]);
  expect(rows.map(({ group, cost, requests }) => [group, cost, requests])).toEqual([
    [{ team: 'x' }, 5 + 7, 20],
    [{ team: 'y' }, 7, 10],
  ]);
});

test('what has no price is said, not taken for free', () => {
  const [row] = withCost([used({ model: 'b' }), used({}, { counted: 7 })], [], [price]);
  expect(row).toMatchObject({ cost: 5, unpriced: 10 + 3 });
});

test('what failed has no tokens and no price to miss', () => {
  const failed = { requests: 10, failed: 4, counted: 5 };
  const [row] = withCost([used({ model: 'b' }, failed), used({}, failed)], [], [price]);
  expect(row).toMatchObject({ cost: 5, unpriced: 6 + 1 });
});

// 0.1 + 0.2 of IEEE 754 is 0.30000000000000004
test('a cost has no more places than prices and tokens give it', () => {
  const usage = [1, 2].map(tokens =>
    used({ day: `2026-11-2${tokens}` }, { promptTokens: tokens, completionTokens: 0 }),
  );
  expect(withCost(usage, [], [{ ...price, promptPerMillion: 100_000 }])[0]?.cost).toBe(0.3);
  const one = used({}, { promptTokens: 1, completionTokens: 0 });
  expect(withCost([one], [], [{ ...price, promptPerMillion: 0.075 }])[0]?.cost).toBe(7.5e-8);
});

// usage is summed up by days of UTC, so a price begins with one
test('a price that changes in the middle of a month counts from its day on', () => {
  const days = ['2026-11-14', '2026-11-15', '2026-11-16'].map(day => used({ day }));
  const prices = [{ ...price, from: '2026-11-15', promptPerMillion: 2 }, price];
  expect(withCost(days, ['day'], prices).map(({ cost }) => cost)).toEqual([5, 7, 7]);
});

test('an answer from the cache costs nothing', () => {
  expect(withCost([used({ cache: 'hit' })], [], [price])[0]).toMatchObject({ cost: 0, unpriced: 0 });
});
