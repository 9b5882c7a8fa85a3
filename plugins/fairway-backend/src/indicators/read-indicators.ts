import type { ServiceIndicators, WatchedObjective } from '@fairway/backstage-plugin-fairway-common';
import type { Prometheus, Series } from '@fairway/clients/prometheus/index';
import { engineProfile } from '@fairway/engines';
import type { ClusterSeries } from '@fairway/indicators';
import {
  answerBucketRecord,
  badShareRecord,
  podsOfUsers,
  recordedOf,
  requestRateRecord,
  shareObjectives,
  streamObjective,
} from '@fairway/indicators';
import { alignedTo, type Moments } from './moments.ts';
import type { Promises } from './promises.ts';

interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

export type ReadIndicators = Omit<ServiceIndicators, 'cluster' | 'clusters' | 'state' | 'message'>;

/** Days are too few for a mean to say much of the rare bad case: both ends are drawn beside the one that is promised. */
const drawnPercentiles = [50, 99];

/**
 * What Prometheus says of a service: the share of bad events that the rules of `monitor` record, and the histograms that they are made from.
 * @param promises undefined where the portal has no fairway.yaml of the service: then only what needs none is read
 * @throws ToolError when Prometheus does not answer
 */
export async function readIndicators(
  server: Pick<Prometheus, 'query' | 'queryRange'>,
  series: ClusterSeries,
  service: ServiceName,
  promises: Promises | undefined,
  moments: Moments,
): Promise<ReadIndicators> {
  const recorded = (name: string) => series.of(name, recordedOf(service));
  const { window } = moments;
  const [bad, lastHour, budget, requests, tokens, latencies] = await Promise.all([
    server.queryRange(recorded(badShareRecord(window)), moments),
    server.query(recorded(badShareRecord('1h'))),
    server.queryRange(recorded(badShareRecord('3d')), moments),
    server.queryRange(`avg_over_time(${recorded(requestRateRecord)}[${window}])`, moments),
    server.queryRange(
      [
        series.of('gen_ai_client_inference_usage_output_tokens_total', recordedOf(service)),
        // as rules of a delivery by Fairway before the conventions' 0.1 record it
        series.of('gen_ai_client_token_usage_sum', `${recordedOf(service)},gen_ai_token_type="output"`),
      ]
        .map(tokens => `sum by (revision) (rate(${tokens}[${window}]))`)
        .join(' or '),
      moments,
    ),
    promises ? readLatencies(server, series, service, promises, moments) : [],
  ]);
  const ofObjective = (found: readonly Series[], name: string) =>
    alignedTo(
      moments,
      found.find(({ metric }) => metric['objective'] === name),
    );
  const objectives = promises ? objectivesOf(promises) : [];
  return {
    from: moments.from,
    step: moments.step,
    objectives: objectives.map((objective): WatchedObjective => {
      if (objective.name === 'goodput') return objective;
      const { name, allowed } = objective;
      const hour = lastHour.find(({ metric }) => metric['objective'] === name)?.value;
      return {
        ...objective,
        bad: ofObjective(bad, name),
        badLastHour: hour !== undefined && Number.isFinite(hour) ? hour : undefined,
        budgetLeft: ofObjective(budget, name).map(share => (share === null ? null : 1 - share / allowed)),
      };
    }),
    withoutHistograms: promises && !hasHistograms(promises) ? promises.engine.name : undefined,
    ownGateway: promises?.gateway?.own,
    latencies: latencies.map(({ lines, ...latency }) => ({
      ...latency,
      lines: lines.map(({ percentile, found }) => ({ percentile, values: alignedTo(moments, found) })),
    })),
    requests: alignedTo(moments, requests[0]),
    versions: tokens
      .map(found => ({ revision: found.metric['revision'] ?? '', values: alignedTo(moments, found) }))
      .filter(({ values }) => values.some(value => value !== null && value > 0)),
  };
}

function hasHistograms({ engine }: Promises): boolean {
  const { timeToFirstToken, interTokenLatency } = engineProfile(engine.name).metrics;
  return timeToFirstToken !== undefined && interTokenLatency !== undefined;
}

/** Those that somebody can see: a gateway of the team's own counts nothing for us, and not every engine tells its latencies. */
function objectivesOf(promises: Promises): readonly Omit<WatchedObjective, 'bad' | 'badLastHour' | 'budgetLeft'>[] {
  const { metrics } = engineProfile(promises.engine.name);
  const seen = {
    availability: promises.gateway === undefined,
    'time-to-first-token': metrics.timeToFirstToken !== undefined,
    'inter-token-latency': metrics.interTokenLatency !== undefined,
    goodput: true,
  };
  const stream = promises.gateway === undefined && !hasHistograms(promises) ? [streamObjective(promises)] : [];
  const all = shareObjectives(promises.objectives).filter(({ name }) => seen[name]);
  return [
    ...all.filter(({ name }) => name !== 'goodput'),
    ...stream,
    ...all.filter(({ name }) => name === 'goodput'),
  ].map(({ name, allowed, limit }) => ({ name, allowed, milliseconds: limit }));
}

interface ReadLatency {
  readonly name: ReadIndicators['latencies'][number]['name'];
  readonly limit?: { readonly percentile: number; readonly milliseconds: number };
  readonly lines: readonly { readonly percentile: number; readonly found: Series | undefined }[];
}

async function readLatencies(
  server: Pick<Prometheus, 'queryRange'>,
  series: ClusterSeries,
  service: ServiceName,
  { engine, objectives, load, gateway }: Promises,
  moments: Moments,
): Promise<readonly ReadLatency[]> {
  const { metrics } = engineProfile(engine.name);
  const stream = streamObjective({ objectives, load });
  const { window } = moments;
  const ofEngine = (metric: string | undefined) =>
    metric && `sum by (le) (rate(${series.of(`${metric}_bucket`, podsOfUsers(service))}[${window}])) `;
  const wanted = [
    ['time-to-first-token', ofEngine(metrics.timeToFirstToken), objectives.timeToFirstToken, 1000],
    ['inter-token-latency', ofEngine(metrics.interTokenLatency), objectives.interTokenLatency, 1000],
    [
      'whole-answer',
      gateway
        ? undefined
        : `sum by (le) (avg_over_time(${series.of(answerBucketRecord, recordedOf(service))}[${window}]))`,
      // an objective only where it stands in for those of the engine
      metrics.timeToFirstToken && metrics.interTokenLatency
        ? undefined
        : { percentile: stream.percentile, milliseconds: stream.limit },
      1,
    ],
  ] as const;
  return Promise.all(
    wanted.flatMap(([name, buckets, limit, milliseconds]) => {
      if (buckets === undefined) return [];
      const percentiles = [...new Set([...drawnPercentiles, ...(limit ? [limit.percentile] : [])])].sort(
        (a, b) => a - b,
      );
      const lines = percentiles.map(async percentile => {
        const expression = `${milliseconds} * histogram_quantile(${percentile / 100}, ${buckets.trim()})`;
        return { percentile, found: (await server.queryRange(expression, moments))[0] };
      });
      return [Promise.all(lines).then(found => ({ name, limit, lines: found }))];
    }),
  );
}
