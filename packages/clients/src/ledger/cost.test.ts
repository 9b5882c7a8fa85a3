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

test('an answer from the cache costs nothing', () => {
  expect(withCost([used({ cache: 'hit' })], [], [price])[0]).toMatchObject({ cost: 0, unpriced: 0 });
});
