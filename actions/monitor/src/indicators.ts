import {
  budget,
  countedWindows,
  histogramLimit,
  podsOfUsers,
  shareObjectives,
  streamObjective,
} from '@fairway/indicators';
import type { ClusterSeries, CountedWindow, RecordedWindow, WatchedObjective } from '@fairway/indicators';
import type { EngineProfile } from '@fairway/engines';
import type { Service } from '@fairway/service';
import type { GatewayTarget } from '@fairway/targets/gateway/target';

/** Something the service promises, as Prometheus can see it. */
export interface Indicator {
  /** Value of the label `objective`. */
  readonly objective: WatchedObjective;
  /** Share of bad events that the objective allows, 0 to 1. */
  readonly budget: number;
  /** Ratio of bad to all events. */
  errorRatio(window: RecordedWindow): string;
  /** Number of bad events that are independent of each other: of the gaps in answers, the answers with their share of slow gaps. */
  badEvents(window: CountedWindow): string;
  /**
   * Series for promtool's tests.
   * @param series whose they are; default those that the rules read
   */
  tests(phases: readonly Phase[], series?: ClusterSeries): readonly TestSeries[];
  /** What of the promise this does not see; undefined when it sees all of it. */
  readonly limitation?: string;
  /** A stand-in for what was promised must not wake anybody. */
  readonly pages: boolean;
}

export interface Phase {
  readonly minutes: number;
  /** Share of bad events, 0 to 1. */
  readonly bad: number;
  /** Events a minute; default 60. */
  readonly events?: number;
}

export interface TestSeries {
  readonly series: string;
  readonly values: string;
}

/** A series and what must be recorded of it after six hours, for promtool. */
export interface RecordingTest {
  readonly series: TestSeries;
  readonly record: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
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

/** Values of a counter, one a minute, that grows by so many in each minute of a phase. */
function counter(phases: readonly Phase[], perMinute: (phase: Phase) => number): string {
  let start = 0;
  return phases
    .map(phase => {
      const step = perMinute(phase);
      // the notation of promtool: first value, step, further values
      const values = `${start + step}+${step}x${phase.minutes - 1}`;
      start += step * phase.minutes;
      return values;
    })
    .join(' ');
}

/** What is watched of the service's promises; at the gateway only where it is the one that `mesh` puts there. */
export function indicatorsOf(
  service: Service,
  profile: EngineProfile,
  gateway: GatewayTarget,
  edges: ReadonlyMap<string, readonly string[]>,
  series: ClusterSeries,
): readonly Indicator[] {
  const engine = latencies(service, profile, gateway, edges, series);
  if (!service.gateway) return [availability(service, gateway, series), ...engine];
  return engine.filter(({ objective }) => objective !== 'stream-duration');
}

export function availability(service: Service, gateway: GatewayTarget, series: ClusterSeries): Indicator {
  const traffic = gateway.serviceTraffic(service, series);
  return {
    objective: 'availability',
    budget: shareObjectives(service.objectives).find(({ name }) => name === 'availability')!.allowed,
    errorRatio: window => `clamp_max((${traffic.bad(window)}) / ${traffic.all(window)}, 1)`,
    badEvents: window => `(${traffic.bad(window)}) * ${countedWindows[window]}`,
    tests: (phases, of = series) => {
      const { tests } = gateway.serviceTraffic(service, of);
      return [
        { series: tests.bad, values: counter(phases, ({ bad, events = 60 }) => events * bad) },
        { series: tests.good, values: counter(phases, ({ bad, events = 60 }) => events * (1 - bad)) },
      ];
    },
    pages: true,
  };
}

/**
 * Latency indicators: the engine's own histograms where it has them, of the versions that users reach, otherwise how long whole streams take at the gateway.
 * @param edges bucket edges by histogram, as text, as Prometheus holds them
 */
export function latencies(
  service: Service,
  profile: EngineProfile,
  gateway: GatewayTarget,
  edges: ReadonlyMap<string, readonly string[]>,
  series: ClusterSeries,
): readonly Indicator[] {
  const { timeToFirstToken, interTokenLatency } = service.objectives;
  const first = profile.metrics.timeToFirstToken;
  const engine = [
    { objective: 'time-to-first-token' as const, metric: first, answers: undefined, promise: timeToFirstToken },
    {
      objective: 'inter-token-latency' as const,
      metric: profile.metrics.interTokenLatency,
      // of one answer come many gaps
      answers: first,
      promise: interTokenLatency,
    },
  ];
  const ofUsers = podsOfUsers(service);
  const seen = engine.flatMap(({ objective, metric, answers, promise }) => {
    const known = (metric ? edges.get(metric) : undefined) ?? [];
    // one whose only edge has no end divides nothing
    if (!metric || !known.some(edge => edge !== '' && Number.isFinite(Number(edge)))) return [];
    return [
      histogram(
        series,
        objective,
        metric,
        { selector: ofUsers, example: ofUsers },
        known,
        promise.milliseconds / 1000,
        's',
        promise.percentile,
        true,
        answers,
      ),
    ];
  });
  if (seen.length === engine.length) return seen;
  const { limit: whole, percentile } = streamObjective(service);
  const { metric, ...counted } = gateway.serviceTraffic(service, series).duration;
  const stream = histogram(
    series,
    'stream-duration',
    metric,
    counted,
    edges.get(metric) ?? envoyEdges,
    whole,
    'ms',
    percentile,
    false,
  );
  const limitation = `${profile.name} exposes no histogram of ${seen.length === 0 ? 'time to first token and inter-token latency' : 'one of the latencies'}: the gateway's duration of whole streams stands in for it, against ${whole} ms (time to first token and ${service.load.outputTokens} tokens at the promised pace), so longer answers look slow and a late first token in a quick stream is not seen. The load test and the release measure both.`;
  return [...seen, { ...stream, limitation: [limitation, stream.limitation].filter(Boolean).join(' ') }];
}

function histogram(
  series: ClusterSeries,
  objective: Indicator['objective'],
  metric: string,
  { selector, example: labels }: { readonly selector: string; readonly example: string },
  edges: readonly string[],
  limit: number,
  unit: 's' | 'ms',
  percentile: number,
  pages: boolean,
  answers?: string,
): Indicator {
  // between two edges a histogram cannot tell: the next one over the promise is watched, or the last one when none is over it
  const around = histogramLimit(edges, limit);
  const edge = around.above ?? around.below ?? String(limit);
  const le = [...new Set([edge, Number(edge).toString(), Number.isInteger(Number(edge)) ? `${Number(edge)}.0` : edge])];
  const matcher = `le=~"${le.map(text => text.replaceAll(/[.+]/g, '\\\\$&')).join('|')}"`;
  const limitation =
    Number(edge) === limit
      ? undefined
      : `The histogram ${metric} has no bucket edge at ${limit} ${unit}; ${edge} ${unit} is watched.`;
  const rate = (suffix: string, window: string, more = '') =>
    `sum(rate(${series.of(`${metric}${suffix}`, `${selector}${more}`)}[${window}]))`;
  const errorRatio = (window: RecordedWindow) =>
    `1 - ${rate('_bucket', window, `,${matcher}`)} / ${rate('_count', window)}`;
  return {
    objective,
    budget: budget(percentile),
    errorRatio,
    badEvents: window =>
      answers
        ? `(${errorRatio(window)}) * sum(increase(${series.of(`${answers}_count`, selector)}[${window}]))`
        : `(${rate('_count', window)} - ${rate('_bucket', window, `,${matcher}`)}) * ${countedWindows[window]}`,
    tests: (phases, of = series) => [
      {
        series: of.sample(`${metric}_bucket`, `${labels},le="${edge}"`),
        values: counter(phases, ({ bad, events = 60 }) => events * (1 - bad)),
      },
      ...[metric, ...(answers ? [answers] : [])].map(one => ({
        series: of.sample(`${one}_count`, labels),
        values: counter(phases, ({ events = 60 }) => events),
      })),
    ],
    pages,
    ...(limitation ? { limitation } : {}),
  };
}
