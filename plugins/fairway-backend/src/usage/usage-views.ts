import type { LifecycleService, LoggerService, RootConfigService } from '@backstage/backend-plugin-api';
import type { AllUsage, ServiceUsage, UsageFilter, UsageGroup } from '@fairway/backstage-plugin-fairway-common';
import { costGroups, openLedger, withCost } from '@fairway/clients/ledger/index';
import type { Ledger, Usage } from '@fairway/clients/ledger/index';
import type { PriceTable } from '@fairway/clients/ledger/price-table';
import type { Scope } from '../access/scope.ts';
import { clusterConnections } from '../cluster/connections.ts';
import { saidError } from '../http/said-error.ts';
import type { Redaction } from '../redaction.ts';
import { readAllUsage } from './all-usage.ts';
import { lastDays } from './last-days.ts';
import { configuredPrices } from './prices.ts';

export interface UsageQuestion {
  readonly namespace: string;
  readonly service: string;
  /** Clusters that have it. */
  readonly clusters: readonly string[];
}

/** What the routes ask about use and cost. */
export interface UsageViews {
  read(question: UsageQuestion): Promise<ServiceUsage>;
  /** @param scope whose services count */
  readAll(by: UsageGroup | 'client', filter: UsageFilter, scope: Scope): Promise<AllUsage>;
}

interface UsageViewsOptions {
  readonly config: RootConfigService;
  readonly logger: LoggerService;
  readonly redaction: Redaction;
  /** Its shutdown hook closes the connections. */
  readonly lifecycle: LifecycleService;
}

/** Asks the ledgers of the clusters that have a service; those that share one ask it once. */
export function createUsageViews({ config, logger, redaction, lifecycle }: UsageViewsOptions): UsageViews {
  const urls = new Map(clusterConnections(config).map(({ name, ledgerUrl }) => [name, ledgerUrl]));
  const ledgers = new Map<string, Ledger>();
  for (const url of urls.values()) if (url !== undefined && !ledgers.has(url)) ledgers.set(url, openLedger({ url }));
  lifecycle.addShutdownHook(async () => void (await Promise.all([...ledgers.values()].map(ledger => ledger.close()))));
  const table = configuredPrices(config);
  // one of GPUs alone says nothing of tokens
  const prices = table?.prices && table;
  return {
    async read({ namespace, service, clusters }) {
      const { from, to } = lastDays();
      const known = [...new Set(clusters.map(name => urls.get(name)))].filter(url => url !== undefined);
      if (known.length === 0) return { state: 'none', from, to, days: [] };
      try {
        const answers = await Promise.all(
          known.map(url =>
            ledgers.get(url)!.usage({ from, to, by: costGroups, where: { service: `${namespace}/${service}` } }),
          ),
        );
        return { state: 'live', from, to, currency: prices?.currency, days: byDay(answers.flat(), prices) };
      } catch (error) {
        if ((error as Error).name !== 'ToolError') throw error;
        const why = redaction.value(saidError(error as Error));
        logger.warn(`The use of ${namespace}/${service} could not be read: ${why.message}`);
        return { state: 'unreachable', ...why, from, to, days: [] };
      }
    },
    async readAll(by, filter, scope) {
      const shared = [...ledgers].map(([url, ledger]) => ({
        ledger,
        clusters: [...urls].flatMap(([name, its]) => (its === url ? [name] : [])),
      }));
      const said = (error: Error) => {
        const why = redaction.value(saidError(error));
        logger.warn(`The use of all services could not be read: ${why.message}`);
        return why;
      };
      const read = await readAllUsage(shared, { by, filter, scope, prices, said });
      return { ...read, unledgered: [...urls].flatMap(([name, url]) => (url === undefined ? [name] : [])) };
    },
  };
}

function byDay(usage: readonly Usage[], prices: PriceTable | undefined): ServiceUsage['days'] {
  return withCost(usage, ['day'], prices?.prices ?? [])
    .map(({ group, requests, failed, promptTokens, completionTokens, cost, unpriced }) => ({
      ...{ day: group.day ?? '', requests, failed, promptTokens, completionTokens },
      ...(prices && { cost, unpriced }),
    }))
    .sort((one, other) => one.day.localeCompare(other.day));
}
