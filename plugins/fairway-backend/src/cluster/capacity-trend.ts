import type { LoggerService, RootConfigService } from '@backstage/backend-plugin-api';
import type { CapacityTrend } from '@fairway/backstage-plugin-fairway-common';
import { prometheus } from '@fairway/clients/prometheus/index';
import type { Series, TimeRange } from '@fairway/clients/prometheus/index';
import { ClusterSeries } from '@fairway/indicators';
import { alignedTo } from '../indicators/moments.ts';
import { saidError } from '../http/said-error.ts';
import type { Redaction } from '../redaction.ts';
import { type ClusterConnection, clusterConnections } from './connections.ts';
import { figureKey } from './figures.ts';

/** What the routes ask about the GPUs of days that are over. */
export interface CapacityTrends {
  read(): Promise<CapacityTrend>;
}

interface CapacityTrendsOptions {
  readonly config: RootConfigService;
  readonly logger: LoggerService;
  /** For what Prometheus says when it fails. */
  readonly redaction: Redaction;
}

type ClassTrend = CapacityTrend['classes'][number];
type Daily = ClassTrend['capacity'];

interface ClusterTrend {
  readonly status: CapacityTrend['clusters'][number];
  readonly classes: readonly ClassTrend[];
}

const day = 86_400;
const days = 30;
/** Milliseconds for which an answer holds: it is of days that are over, and a question costs Prometheus a month of samples. */
const held = 3_600_000;

/** Asks the Prometheus of each cluster when somebody looks, once an hour at most. */
export function createCapacityTrends({ config, logger, redaction }: CapacityTrendsOptions): CapacityTrends {
  const connections = clusterConnections(config, token => redaction.learn(token));
  const remembered = new Map<string, { readonly until: number; readonly trend: Promise<ClusterTrend> }>();
  const failed = (name: string, error: Error): ClusterTrend => {
    if (error.name !== 'ToolError') throw error;
    // the next one who looks may find it answering
    remembered.delete(name);
    const why = redaction.value(saidError(error));
    logger.warn(`The GPU figures of the last ${days} days of the cluster ${name} could not be read: ${why.message}`);
    return { status: { name, state: 'unreachable', ...why }, classes: [] };
  };
  return {
    async read() {
      const now = Date.now();
      // each moment ends a day
      const to = Math.floor(now / 1000 / day) * day;
      const moments = { from: to - (days - 1) * day, to, step: day };
      const found = await Promise.all(
        connections.map(connection => {
          const { name } = connection;
          const known = remembered.get(name);
          if (known && now < known.until) return known.trend;
          const trend = clusterTrend(connection, moments, redaction).catch((error: Error) => failed(name, error));
          remembered.set(name, { until: Math.min(now + held, (to + day) * 1000), trend });
          return trend;
        }),
      );
      return {
        ...{ from: moments.from - day, step: day },
        clusters: found.map(({ status }) => status),
        classes: found.flatMap(({ classes }) => classes),
      };
    },
  };
}

async function clusterTrend(
  { name, prometheusUrl, prometheusLogin, prometheusLabels }: ClusterConnection,
  moments: TimeRange,
  redaction: Redaction,
): Promise<ClusterTrend> {
  if (prometheusUrl === undefined) return { status: { name, state: 'unmonitored' }, classes: [] };
  let partial: string | undefined;
  const server = prometheus(prometheusUrl, undefined, prometheusLogin, words => (partial = redaction.value(words)));
  const [capacity = [], requested = [], used = []] = await Promise.all(
    expressions(ClusterSeries.labelled(prometheusLabels)).map(expression => server.queryRange(expression, moments)),
  );
  const [ofCapacity, ofRequested, ofUsed] = [capacity, requested, used].map(series => byClass(series, moments));
  const none: Daily = Array(days).fill(null);
  const classes = [...(ofCapacity ?? [])].map(([of, devices]) => ({
    ...{ cluster: name, class: of, capacity: devices },
    requested: ofRequested?.get(of) ?? none,
    used: ofUsed?.get(of) ?? none,
  }));
  return {
    status: { name, state: 'live', ...(partial && { partial }) },
    classes: classes.sort((one, other) => one.class.localeCompare(other.class)),
  };
}

/** Means over a day of its hours, so that a day without figures for some hours is still a mean of devices. */
function expressions(series: ClusterSeries): readonly string[] {
  const by = 'by (modelName, GPU_I_PROFILE)';
  const devices = (matchers = '') => `count ${by} (${series.of('DCGM_FI_DEV_FB_USED', matchers)})`;
  const mean = (expression: string) => `avg_over_time((${expression})[1d:1h])`;
  return [
    mean(devices()),
    // an hour in which no pod holds one counts with 0
    mean(`${devices('exported_pod!=""')} or 0 * ${devices()}`),
    // percent
    mean(`sum ${by} (${series.of('DCGM_FI_DEV_GPU_UTIL')}) / 100`),
  ];
}

/** Several products may be one class. */
function byClass(series: readonly Series[], moments: TimeRange): ReadonlyMap<string, Daily> {
  const found = new Map<string, Daily>();
  for (const one of series) {
    const values = alignedTo(moments, one);
    const sum = found.get(figureKey(one));
    found.set(
      figureKey(one),
      sum ? values.map((value, place) => (value === null ? (sum[place] ?? null) : value + (sum[place] ?? 0))) : values,
    );
  }
  return found;
}
