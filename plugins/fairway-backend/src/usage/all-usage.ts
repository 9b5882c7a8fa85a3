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
  const groups = [...new Set([by, 'service' as const, ...(prices ? costGroups : [])])];
  const answers = await Promise.all(
    shared.map(async ({ clusters, ledger }) => {
      try {
        const [choices, usage] = await Promise.all([
          ledger.usage({ from, to, by: place }),
          ledger.usage({ from, to, by: groups, where }),
        ]);
        return { status: { clusters: [...clusters], state: 'live' as const }, choices, usage };
      } catch (error) {
        if ((error as Error).name !== 'ToolError') throw error;
        const status = { clusters: [...clusters], state: 'unreachable' as const, ...said(error as Error) };
        return { status, choices: [], usage: [] };
      }
    }),
  );
  const inScope = ({ group: { service = '' } }: Usage) => {
    const [namespace = '', name = ''] = service.split('/');
    return scope.all || scope.may({ namespace, service: name });
  };
  const choices = answers.flatMap(answer => answer.choices).filter(inScope);
  const summed = withCost(answers.flatMap(({ usage }) => usage).filter(inScope), [by], prices?.prices ?? []);
  const tokens = ({ promptTokens, completionTokens }: PricedUsage) => promptTokens + completionTokens;
  const named = (name: (typeof place)[number]) =>
    [...new Set(choices.map(({ group }) => group[name] ?? ''))].filter(value => value !== '').sort();
  return {
    from,
    to,
    currency: prices?.currency,
    ledgers: answers.map(({ status }) => status),
    choices: { team: named('team'), service: named('service'), model: named('model') },
    items: summed
      .toSorted((one, other) => tokens(other) - tokens(one) || other.requests - one.requests)
      .slice(0, most)
      .map(usage => itemOf(usage, by, prices !== undefined)),
    total: summed.length,
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
