import type { EngineProfile, Service } from '@fairway/service';

/** Something the service promises, as Prometheus can see it. */
export interface Indicator {
  /** Value of the label `objective`. */
  readonly objective: 'availability' | 'time-to-first-token' | 'inter-token-latency' | 'stream-duration';
  /** Share of bad events that the objective allows, 0 to 1. */
  readonly budget: number;
  /** Ratio of bad to all events over a window such as `5m`. */
  errorRatio(window: string): string;
  /** Series that make the ratio 1 (`bad`) or 0 (`good`) in promtool's tests, growing by 60 a minute. */
  readonly tests: { readonly bad: readonly TestSeries[]; readonly good: readonly TestSeries[] };
  /** What of the promise this does not see; undefined when it sees all of it. */
  readonly limitation?: string;
  /** A stand-in for what was promised must not wake anybody. */
  readonly pages: boolean;
}

export interface TestSeries {
  readonly series: string;
  readonly values: string;
}

/** Bucket edges of Envoy's histograms in milliseconds, as it prints them. */
export const envoyEdges = [
  '0.5',
  '1',
  '5',
  '10',
  '25',
  '50',
  '100',
  '250',
  '500',
  '1000',
  '2500',
  '5000',
  '10000',
  '30000',
  '60000',
  '300000',
  '600000',
  '1.8e+06',
  '3.6e+06',
];

const growing = '0+60x150';
const still = '0x150';

/** Selector of the gateway's clusters that lead to a service, all versions together. */
export function gatewaySelector(service: Service): string {
  return `envoy_cluster_name=~"httproute/${service.namespace}/${service.name}-(chat|models)/.*"`;
}

export function availability(service: Service): Indicator {
  const selector = gatewaySelector(service);
  const metric = 'envoy_cluster_upstream_rq_xx';
  const cluster = `httproute/${service.namespace}/${service.name}-chat/rule/1/backend/0`;
  const series = (code: number, values: string) => ({
    series: `${metric}{envoy_cluster_name="${cluster}",envoy_response_code_class="${code}"}`,
    values,
  });
  return {
    objective: 'availability',
    budget: budgetOf(service.objectives.availability),
    // no 5xx series exists before the first one: that is no error, not no data
    errorRatio: window =>
      `(sum(rate(${metric}{${selector},envoy_response_code_class="5"}[${window}])) or vector(0)) / sum(rate(${metric}{${selector}}[${window}]))`,
    tests: { bad: [series(5, growing), series(2, still)], good: [series(5, still), series(2, growing)] },
    pages: true,
  };
}

/**
 * Latency indicators: the engine's own histograms where it has them, otherwise how long whole streams take at the gateway.
 * @param edges bucket edges by histogram, as text, as Prometheus holds them
 */
export function latencies(
  service: Service,
  profile: EngineProfile,
  edges: ReadonlyMap<string, readonly string[]>,
): readonly Indicator[] {
  const { timeToFirstToken, interTokenLatency } = service.objectives;
  const engine = [
    { objective: 'time-to-first-token' as const, metric: profile.metrics.timeToFirstToken, promise: timeToFirstToken },
    {
      objective: 'inter-token-latency' as const,
      metric: profile.metrics.interTokenLatency,
      promise: interTokenLatency,
    },
  ];
  const seen = engine.flatMap(({ objective, metric, promise }) => {
    const known = metric ? edges.get(metric) : undefined;
    if (!metric || !known || known.length === 0) return [];
    return [
      histogram(
        objective,
        metric,
        `job="${jobName(service)}"`,
        known,
        promise.milliseconds / 1000,
        's',
        promise.percentile,
        true,
      ),
    ];
  });
  if (seen.length === engine.length) return seen;
  const whole = timeToFirstToken.milliseconds + (service.load.outputTokens - 1) * interTokenLatency.milliseconds;
  const stream = histogram(
    'stream-duration',
    'envoy_cluster_upstream_rq_time',
    gatewaySelector(service).replace('(chat|models)', 'chat'),
    edges.get('envoy_cluster_upstream_rq_time') ?? envoyEdges,
    whole,
    'ms',
    Math.min(timeToFirstToken.percentile, interTokenLatency.percentile),
    false,
  );
  const limitation = `${profile.name} exposes no histogram of ${seen.length === 0 ? 'time to first token and inter-token latency' : 'one of the latencies'}: the gateway's duration of whole streams stands in for it, against ${whole} ms (time to first token and ${service.load.outputTokens} tokens at the promised pace), so longer answers look slow and a late first token in a quick stream is not seen. The load test and the release measure both.`;
  return [...seen, { ...stream, limitation: [limitation, stream.limitation].filter(Boolean).join(' ') }];
}

export function jobName(service: Service): string {
  return `fairway/${service.namespace}/${service.name}`;
}

function histogram(
  objective: Indicator['objective'],
  metric: string,
  selector: string,
  edges: readonly string[],
  limit: number,
  unit: 's' | 'ms',
  percentile: number,
  pages: boolean,
): Indicator {
  // between two edges a histogram cannot tell: the next one over the promise is watched, or the last one when none is over it
  const finite = edges.filter(candidate => Number.isFinite(Number(candidate))).sort((a, b) => Number(a) - Number(b));
  const edge = finite.find(candidate => Number(candidate) >= limit) ?? finite.at(-1) ?? String(limit);
  const le = [...new Set([edge, Number(edge).toString(), Number.isInteger(Number(edge)) ? `${Number(edge)}.0` : edge])];
  const matcher = `le=~"${le.map(text => text.replaceAll(/[.+]/g, '\\\\$&')).join('|')}"`;
  const labels = selector.startsWith('job=')
    ? selector
    : selector.replace('=~', '=').replace('/.*', '/rule/1/backend/0');
  const series = (suffix: string, values: string) => ({ series: `${metric}_${suffix}`, values });
  const limitation =
    Number(edge) === limit
      ? undefined
      : `The histogram ${metric} has no bucket edge at ${limit} ${unit}; ${edge} ${unit} is watched.`;
  return {
    objective,
    budget: budgetOf(percentile),
    errorRatio: window =>
      `1 - sum(rate(${metric}_bucket{${selector},${matcher}}[${window}])) / sum(rate(${metric}_count{${selector}}[${window}]))`,
    tests: {
      bad: [series(`bucket{${labels},le="${edge}"}`, still), series(`count{${labels}}`, growing)],
      good: [series(`bucket{${labels},le="${edge}"}`, growing), series(`count{${labels}}`, growing)],
    },
    pages,
    ...(limitation ? { limitation } : {}),
  };
}

function budgetOf(percent: number): number {
  return Number((1 - percent / 100).toPrecision(6));
}
