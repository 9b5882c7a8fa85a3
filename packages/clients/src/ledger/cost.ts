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
  /** Of the requests that have a price. */
  readonly cost: number;
  /** Requests whose tokens were not seen, or whose model has no price. */
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
  return [...found.values()];
}

function costOf(usage: Usage, prices: readonly Price[]): Pick<PricedUsage, 'cost' | 'unpriced'> {
  if (usage.group.cache === 'hit') return { cost: 0, unpriced: 0 };
  const price = priceOn(
    usage.group.day ?? '',
    prices.filter(({ model }) => model === usage.group.model),
  );
  if (!price) return { cost: 0, unpriced: usage.requests };
  const { promptTokens, completionTokens } = usage;
  const cost = (promptTokens * price.promptPerMillion + completionTokens * price.completionPerMillion) / 1_000_000;
  return { cost, unpriced: usage.requests - usage.counted };
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
