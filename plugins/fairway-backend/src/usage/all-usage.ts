import { InputError } from '@backstage/errors';
import type { AllUsage, UsageFilter, UsageGroup } from '@fairway/backstage-plugin-fairway-common';
import { costGroups, withCost } from '@fairway/clients/ledger/index';
import type { Ledger, PricedUsage, Usage } from '@fairway/clients/ledger/index';
import type { PriceTable } from '@fairway/clients/ledger/price-table';
import { reasonOf } from '@fairway/service/reasons/reason';
import type { Scope } from '../access/scope.ts';
import { codedError } from '../http/coded-error.ts';
import type { Said } from '../http/said-error.ts';
import { lastDays } from './last-days.ts';

/** Groups of one answer. */
const most = 1000;

/** A ledger with the clusters that write to it. */
export interface SharedLedger {
  readonly clusters: readonly string[];
  readonly ledger: Ledger;
}

interface Question {
  readonly by: UsageGroup | 'client';
  readonly filter: UsageFilter;
  /** Whose services count. */
  readonly scope: Scope;
  readonly prices: PriceTable | undefined;
  /** What a ledger that does not answer says, without secrets. */
  said(error: Error): Said;
}

/**
 * Sums of all services in the scope over all ledgers.
 * @throws InputError for days in the wrong order
 */
export async function readAllUsage(
  shared: readonly SharedLedger[],
  { by, filter, scope, prices, said }: Question,
): Promise<Omit<AllUsage, 'unledgered'>> {
  const { from, to, ...where } = { ...filter, ...lastDays(filter.to), ...(filter.from && { from: filter.from }) };
  if (from > to) throw codedError(InputError, reasonOf('answer.days', { from, to }));
  const place = ['team', 'service', 'model'] as const;
  const groups = [...new Set([by, ...(prices ? costGroups : [])])];
  // what has no price needs neither its model nor its day: thousands of services would come as hundreds of thousands of rows
  const ofModels = prices && {
    names: [...new Set(prices.prices?.map(({ model }) => model))],
    groups: (['model', 'day'] as const).filter(name => name !== by),
  };
  const inScope = ({ group: { service = '' } }: Usage) => {
    const [namespace = '', name = ''] = service.split('/');
    return scope.all || scope.may({ namespace, service: name });
  };
  const answers = await Promise.all(
    shared.map(async ({ clusters, ledger }) => {
      try {
        const asked = ledger.usage({ from, to, by: place });
        const services = scope.all
          ? undefined
          : [...new Set((await asked).filter(inScope).map(({ group }) => group.service ?? ''))];
        const [choices, usage] = await Promise.all([
          asked,
          ledger.usage({ from, to, by: groups, where, services, ofModels }),
        ]);
        return { status: { clusters: [...clusters], state: 'live' as const }, choices, usage };
      } catch (error) {
        if ((error as Error).name !== 'ToolError') throw error;
        const status = { clusters: [...clusters], state: 'unreachable' as const, ...said(error as Error) };
        return { status, choices: [], usage: [] };
      }
    }),
  );
  const choices = answers.flatMap(answer => answer.choices).filter(inScope);
  const summed = withCost(
    answers.flatMap(({ usage }) => usage),
    [by],
    prices?.prices ?? [],
  );
  const tokens = ({ promptTokens, completionTokens }: PricedUsage) => promptTokens + completionTokens;
  const order =
    by === 'day'
      ? ({ group: { day = '' } }: PricedUsage, other: PricedUsage) => (day < (other.group.day ?? '') ? 1 : -1)
      : (one: PricedUsage, other: PricedUsage) => tokens(other) - tokens(one) || other.requests - one.requests;
  const named = (name: (typeof place)[number]) =>
    [...new Set(choices.map(({ group }) => group[name] ?? ''))].filter(value => value !== '').sort();
  return {
    from,
    to,
    currency: prices?.currency,
    ledgers: answers.map(({ status }) => status),
    choices: { team: named('team'), service: named('service'), model: named('model') },
    items: summed
      .toSorted(order)
      .slice(0, most)
      .map(usage => itemOf(usage, by, prices !== undefined)),
    total: summed.length,
    sum: sumOf(summed, prices !== undefined),
  };
}

function sumOf(groups: readonly PricedUsage[], priced: boolean): AllUsage['sum'] {
  const of = (name: 'requests' | 'promptTokens' | 'completionTokens' | 'cost' | 'unpriced') =>
    groups.reduce((total, group) => total + group[name], 0);
  return {
    ...{ requests: of('requests'), promptTokens: of('promptTokens'), completionTokens: of('completionTokens') },
    ...(priced && { cost: of('cost'), unpriced: of('unpriced') }),
  };
}

function itemOf(usage: PricedUsage, by: Question['by'], priced: boolean): AllUsage['items'][number] {
  const { group, requests, failed, cached, promptTokens, completionTokens, streams, ttftMilliseconds } = usage;
  return {
    ...{ group: group[by] ?? '', requests, failed, cached, promptTokens, completionTokens },
    ...(streams > 0 && { timeToFirstToken: ttftMilliseconds / streams }),
    ...(priced && { cost: usage.cost, unpriced: usage.unpriced }),
  };
}
