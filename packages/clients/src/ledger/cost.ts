import { uncounted } from './usage.ts';
import type { Usage, UsageGroup } from './usage.ts';

/** What a million tokens of a model cost from a day on. */
export interface Price {
  readonly model: string;
  /** First day (UTC), `YYYY-MM-DD`; absent for always. */
  readonly from?: string;
  readonly promptPerMillion: number;
  readonly completionPerMillion: number;
}

export interface PricedUsage extends Usage {
  /** Of the requests that have a price; of one whose tokens the engine did not count, what the events of its stream come to. */
  readonly cost: number;
  /** Requests that are in the cost in part or not at all: the engine did not count their tokens, or their model has no price. */
  readonly unpriced: number;
}

/** What usage must be grouped by for its cost, besides what one wants to see. */
export const costGroups = ['model', 'day', 'cache'] as const satisfies readonly UsageGroup[];

/**
 * Adds the cost and sums up to the groups that are wanted. An answer from the response cache costs nothing.
 * @param usage grouped by `by` and by costGroups
 */
export function withCost(
  usage: readonly Usage[],
  by: readonly UsageGroup[],
  prices: readonly Price[],
): readonly PricedUsage[] {
  const found = new Map<string, PricedUsage>();
  for (const one of usage) {
    const group = Object.fromEntries(by.map(name => [name, one.group[name] ?? '']));
    const key = JSON.stringify(Object.values(group));
    const before = found.get(key);
    const priced = { ...one, ...costOf(one, prices) };
    found.set(key, before ? sum(before, priced) : { ...priced, group });
  }
  return [...found.values()].map(one => ({ ...one, cost: rounded(one.cost) }));
}

/** To a billionth: a token's price has hardly more places, and what a sum of binary numbers adds behind them is no money. */
const rounded = (cost: number) => Number(cost.toFixed(9));

function costOf(usage: Usage, prices: readonly Price[]): Pick<PricedUsage, 'cost' | 'unpriced'> {
  if (usage.group.cache === 'hit') return { cost: 0, unpriced: 0 };
  const price = priceOn(
    usage.group.day ?? '',
    prices.filter(({ model }) => model === usage.group.model),
  );
  if (!price) return { cost: 0, unpriced: usage.requests - usage.failed };
  const { promptTokens, completionTokens } = usage;
  const cost = (promptTokens * price.promptPerMillion + completionTokens * price.completionPerMillion) / 1_000_000;
  return { cost, unpriced: uncounted(usage) };
}

/** Of the prices of one thing that of a day: the one that began last. */
export function priceOn<Of extends { readonly from?: string }>(day: string, prices: readonly Of[]): Of | undefined {
  return prices
    .filter(price => (price.from ?? '') <= day)
    .sort((one, other) => ((one.from ?? '') < (other.from ?? '') ? 1 : -1))[0];
}

function sum(one: PricedUsage, other: PricedUsage): PricedUsage {
  const added = Object.entries(one).map(([name, value]) => [
    name,
    typeof value === 'number' ? value + Number(other[name as keyof PricedUsage]) : value,
  ]);
  return Object.fromEntries(added) as unknown as PricedUsage;
}
