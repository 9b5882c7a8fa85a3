import type { LoggerService, RootConfigService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import type { IndicatorRange, ServiceIndicators } from '@fairway/backstage-plugin-fairway-common';
import { ClusterSeries } from '@fairway/indicators';
import { prometheus } from '@fairway/clients/prometheus/index';
import { reasonOf } from '@fairway/service/reasons/reason';
import { clusterConnections } from '../cluster/connections.ts';
import { codedError } from '../http/coded-error.ts';
import { saidError } from '../http/said-error.ts';
import type { Redaction } from '../redaction.ts';
import { momentsOf } from './moments.ts';
import { promisesOf } from './promises.ts';
import { readIndicators, type ReadIndicators } from './read-indicators.ts';

export interface IndicatorQuestion {
  readonly namespace: string;
  readonly service: string;
  /** Clusters that have it, the one that is asked without more first. */
  readonly clusters: readonly string[];
  readonly cluster?: string;
  readonly range?: IndicatorRange;
  /** Text of the service as `prepare` read it from fairway.yaml; absent where the portal has none. */
  readonly file?: string;
}

/** What the routes ask about the indicators of services. */
export interface IndicatorViews {
  /** @throws InputError, NotFoundError */
  read(question: IndicatorQuestion): Promise<ServiceIndicators>;
}

interface IndicatorViewsOptions {
  readonly config: RootConfigService;
  readonly logger: LoggerService;
  /** For what Prometheus says when it fails. */
  readonly redaction: Redaction;
}

const unknown: Omit<ReadIndicators, 'from' | 'step'> = { objectives: [], latencies: [], requests: [], versions: [] };

/** Asks the Prometheus of the clusters in the configuration when somebody looks. */
export function createIndicatorViews({ config, logger, redaction }: IndicatorViewsOptions): IndicatorViews {
  const connections = clusterConnections(config, token => redaction.learn(token));
  return {
    async read({ namespace, service, clusters, cluster, range = '1h', file }) {
      requireLabel('answer.namespace', namespace);
      requireLabel('answer.service', service);
      const moments = momentsOf(range, new Date());
      const nothing = { clusters: [...clusters], from: moments.from, step: moments.step, ...unknown };
      // a cluster whose watches are not live yet tells of no service: with one alone there is no doubt which is meant
      const chosen = cluster ?? clusters[0] ?? (connections.length === 1 ? connections[0]?.name : undefined);
      if (chosen === undefined) return { ...nothing, state: 'nowhere' };
      const connection = connections.find(({ name }) => name === chosen);
      if (!connection) throw codedError(NotFoundError, reasonOf('answer.noCluster', { cluster: chosen }));
      if (connection.prometheusUrl === undefined) return { ...nothing, cluster: chosen, state: 'unmonitored' };
      try {
        let partial: string | undefined;
        const server = prometheus(
          connection.prometheusUrl,
          undefined,
          connection.prometheusLogin,
          words => (partial = redaction.value(words)),
        );
        const series = ClusterSeries.labelled(connection.prometheusLabels);
        const found = await readIndicators(server, series, { namespace, name: service }, promisesOf(file), moments);
        return { ...found, clusters: [...clusters], cluster: chosen, state: 'live', ...(partial && { partial }) };
      } catch (error) {
        if ((error as Error).name !== 'ToolError') throw error;
        const why = redaction.value(saidError(error as Error));
        logger.warn(`The indicators of ${namespace}/${service} on ${chosen} could not be read: ${why.message}`);
        return { ...nothing, cluster: chosen, state: 'unreachable', ...why };
      }
    },
  };
}

/** Names stand in expressions of Prometheus, which would take any other text for a part of the question. */
function requireLabel(of: 'answer.namespace' | 'answer.service', name: string): void {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return;
  throw codedError(InputError, reasonOf('answer.noName', { name, of: reasonOf(of) }));
}
