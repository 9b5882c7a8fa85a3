import type { LifecycleService, LoggerService, RootConfigService } from '@backstage/backend-plugin-api';
import type { ServiceUsage } from '@fairway/backstage-plugin-fairway-common';
import { costGroups, openLedger, withCost } from '@fairway/clients/ledger/index';
import type { Ledger, Usage } from '@fairway/clients/ledger/index';
import type { PriceTable } from '@fairway/clients/ledger/price-table';
import { clusterConnections } from '../cluster/connections.ts';
import type { Redaction } from '../redaction.ts';
import { configuredPrices } from './prices.ts';

/** Days that are summed up. */
const days = 30;

export interface UsageQuestion {
  readonly namespace: string;
  readonly service: string;
  /** Clusters that have it. */
  readonly clusters: readonly string[];
}

/** What the routes ask about use and cost. */
export interface UsageViews {
  read(question: UsageQuestion): Promise<ServiceUsage>;
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
  const prices = configuredPrices(config);
  return {
    async read({ namespace, service, clusters }) {
      const to = new Date().toISOString().slice(0, 10);
      const from = new Date(Date.parse(to) - (days - 1) * 86_400_000).toISOString().slice(0, 10);
      const known = [...new Set(clusters.map(name => urls.get(name)))].filter(url => url !== undefined);
      if (known.length === 0) return { state: 'none', from, to, days: [] };
      try {
        const answers = await Promise.all(
          known.map(url => ledgers.get(url)!.usage({ from, to, by: costGroups, of: { namespace, service } })),
        );
        return { state: 'live', from, to, currency: prices?.currency, days: byDay(answers.flat(), prices) };
      } catch (error) {
        if ((error as Error).name !== 'ToolError') throw error;
        const message = redaction.value((error as Error).message);
        logger.warn(`The use of ${namespace}/${service} could not be read: ${message}`);
        return { state: 'unreachable', message, from, to, days: [] };
      }
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
