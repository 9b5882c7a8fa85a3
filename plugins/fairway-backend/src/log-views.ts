import type { LoggerService, RootConfigService } from '@backstage/backend-plugin-api';
import type { LogLine, LogSpan, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { logStore } from '@fairway/clients/opensearch/index';
import type { LogLine as StoredLine, LogQuery } from '@fairway/clients/opensearch/index';
import { clusterConnections } from './cluster/connections.ts';
import { saidError } from './http/said-error.ts';
import type { Redaction } from './redaction.ts';

/** Lines of one answer. */
const limit = 200;
const minute = 60_000;
const spans: Readonly<Record<LogSpan, number>> = {
  '15m': 15 * minute,
  '1h': 60 * minute,
  '6h': 360 * minute,
  '1d': 1440 * minute,
  '7d': 10_080 * minute,
};

export interface LogSearchQuery {
  readonly namespace?: string;
  readonly level?: LogQuery['level'];
  readonly since?: LogSpan;
  readonly requestId?: string;
  readonly text?: string;
}

/** What the routes ask about logs. */
export interface LogViews {
  /**
   * @param query with a requestId the lines of the firewall count too, which name no service
   * @param only  `alone` leaves out what does not name the service, for those who may not see all of them
   */
  search(service: string, query: LogSearchQuery, only?: { readonly alone: boolean }): Promise<ResponseOf<'logs'>>;
}

interface LogViewsOptions {
  readonly config: RootConfigService;
  readonly logger: LoggerService;
  /** For what programs wrote into their logs. */
  readonly redaction: Redaction;
}

/** Asks the log stores of the clusters in the configuration; one that does not answer is named in the answer. */
export function createLogViews({ config, logger, redaction }: LogViewsOptions): LogViews {
  const connections = clusterConnections(config);
  const clusters = new Map<string, string[]>();
  for (const { name, logsUrl } of connections)
    if (logsUrl) clusters.set(logsUrl, [...(clusters.get(logsUrl) ?? []), name]);
  const unstored = connections.filter(({ logsUrl }) => !logsUrl).map(({ name }) => name);
  return {
    async search(service, query, { alone } = { alone: false }) {
      const answers = await Promise.all(
        [...clusters].map(async ([url, names]) => {
          try {
            const found = await logStore(url).search(storeQuery(service, query, alone));
            const items = found.lines.map(line => redaction.value(shown(line, names)));
            return { store: { clusters: names, state: 'live' as const }, items, total: found.total };
          } catch (error) {
            const why = redaction.value(saidError(error as Error));
            logger.warn(`The logs of ${names.join(', ')} could not be searched: ${why.message}`);
            const store = { clusters: names, state: 'unreachable' as const, ...why };
            return { store, items: [], total: 0 };
          }
        }),
      );
      return {
        stores: answers.map(({ store }) => store),
        unstored,
        items: answers
          .flatMap(({ items }) => items)
          .sort((a, b) => b.time.localeCompare(a.time))
          .slice(0, limit),
        total: answers.reduce((sum, { total }) => sum + total, 0),
      };
    },
  };
}

function storeQuery(
  service: string,
  { namespace, level, since, requestId, text }: LogSearchQuery,
  alone: boolean,
): LogQuery {
  return {
    // a request is of one service, and not every line that names it names the service
    service: requestId && !alone ? undefined : { name: service, namespace },
    requestId,
    level,
    text,
    since: since && new Date(Date.now() - spans[since]),
    limit,
  };
}

function shown(line: StoredLine, clusters: readonly string[]): LogLine {
  const { time, level, dataset, message, requestId, version, tenant, model, status, durationMilliseconds, pod } = line;
  return {
    clusters: [...clusters],
    ...{ time, level, dataset, message, requestId, version, tenant, model, status, durationMilliseconds, pod },
  };
}
