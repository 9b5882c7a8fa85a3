import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineProfile } from '@fairway/engines';
import { jobName, podsOfVersion, storedSeries } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Prometheus, RuleGroup } from '@fairway/clients/prometheus/index';
import { ToolError } from '@fairway/clients/tool-error';
import type { GatewayTarget } from '@fairway/targets/gateway/target';
import type { Group } from './rules.ts';
import { targetsOf } from './targets.ts';

/** Milliseconds until Prometheus must have found the pods, and loaded the rules. */
export const targetDeadline = 60_000;
export const rulesDeadline = 30_000;

/** The engine's pods of a revision are up and one of its metrics has a sample. Half sentences of what is missing. */
export async function seeEngine(
  server: Prometheus,
  service: Service,
  profile: EngineProfile,
  revision: string,
  operator: boolean,
): Promise<readonly Reason[]> {
  const targets = (await targetsOf(server, service, operator)).filter(target => target.labels.revision === revision);
  if (targets.length === 0) return [reasonOf('monitor.noTarget', { revision })];
  const down = targets.find(target => target.health !== 'up');
  if (down) {
    const { scrapeUrl: target, health, lastError: words } = down;
    return [
      words ? reasonOf('monitor.downFor', { target, health, words }) : reasonOf('monitor.down', { target, health }),
    ];
  }
  const metric = sampleMetric(profile);
  if (!metric) return [];
  const selector = storedSeries(service).of(metric, podsOfVersion(service, revision));
  const samples = await server.query(`count(${selector})`);
  return samples.length > 0 ? [] : [reasonOf('monitor.noSample', { metric: selector })];
}

/**
 * The groups of these names that Prometheus has loaded; undefined where it does not say, as the managed ones of Google and Azure.
 * @throws ToolError where it does not answer or does not let this side in
 */
export async function loadedRules(
  server: Prometheus,
  names: readonly string[],
): Promise<readonly RuleGroup[] | undefined> {
  try {
    return await server.rules(names);
  } catch (error) {
    if (error instanceof ToolError && [400, 404, 405, 501].includes(Number(error.status))) return undefined;
    throw error;
  }
}

/** What loaded rules say, without how they fare: the same text for the same rules. */
export function definitionsOf(loaded: readonly RuleGroup[]): string {
  const sorted = loaded.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return JSON.stringify(
    sorted.map(group => [
      group.name,
      group.rules.map(({ name, query, duration, labels, annotations }) => [name, query, duration, labels, annotations]),
    ]),
  );
}

/**
 * Prometheus has loaded the groups and evaluates them without an error.
 * @param former definitions that were loaded before others were put in their place: their names and number may be the same
 */
export async function seeRules(
  server: Prometheus,
  groups: readonly Group[],
  former?: string,
): Promise<readonly Reason[]> {
  const loaded = await loadedRules(
    server,
    groups.map(({ name }) => name),
  );
  if (!loaded) return [reasonOf('monitor.rulesUnsaid')];
  if (definitionsOf(loaded) === former) return [reasonOf('monitor.formerRules')];
  return groups.flatMap(group => {
    const found = loaded.find(candidate => candidate.name === group.name);
    if (!found) return [reasonOf('monitor.notLoaded', { group: group.name })];
    if (found.rules.length !== group.rules.length)
      return [
        reasonOf('monitor.otherRules', { group: group.name, found: found.rules.length, rules: group.rules.length }),
      ];
    const bad = found.rules.find(rule => rule.health === 'err');
    return bad ? [reasonOf('monitor.ruleFails', { rule: bad.name, words: bad.lastError ?? '' })] : [];
  });
}

/** Without the gateway's metrics availability cannot be judged. */
export async function seeGateway(
  server: Prometheus,
  service: Service,
  gateway: GatewayTarget,
): Promise<readonly Reason[]> {
  const series = storedSeries(service);
  const samples = await server.query(`count(${series.of('', gateway.serviceTraffic(service, series).selector)})`);
  if (samples.length > 0) return [];
  const labels = Object.entries(series.labels).map(([name, value]) => `${name}="${value}"`);
  return [
    labels.length > 0
      ? reasonOf('monitor.noGatewayWith', { labels: labels.join(', ') })
      : reasonOf('monitor.noGateway'),
  ];
}

/** Milliseconds between two looks at first and at most: what is looked for comes with the next scrape or evaluation. */
const firstPause = 1000;
const longestPause = 10_000;

/** Asks until nothing is missing or the deadline passes, ever more seldom. */
export async function until<Missing>(
  look: () => Promise<readonly Missing[]>,
  deadline: number,
  signal: AbortSignal,
): Promise<readonly Missing[]> {
  const end = Date.now() + deadline;
  for (let pause = firstPause; ; pause = Math.min(1.5 * pause, longestPause)) {
    const missing = await look();
    const left = end - Date.now();
    if (missing.length === 0 || left < 0) return missing;
    await sleep(Math.min(pause, left + 1), undefined, { signal });
  }
}

/** A metric that is there without traffic. */
function sampleMetric(profile: EngineProfile): string | undefined {
  return profile.metrics.requestsRunning ?? profile.metrics.requestsWaiting ?? profile.metrics.generatedTokens;
}

/**
 * Bucket edges of the histograms that have any, by metric: those that all pods have. Where versions divide differently, all answers of
 * one that lacks an edge would be over it.
 */
export async function bucketEdges(
  server: Pick<Prometheus, 'query'>,
  service: Service,
  profile: EngineProfile,
  gateway: GatewayTarget,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { timeToFirstToken, interTokenLatency } = profile.metrics;
  const series = storedSeries(service);
  const { duration } = gateway.serviceTraffic(service, series);
  const selectors = [
    ...[timeToFirstToken, interTokenLatency].flatMap(metric =>
      metric ? [[metric, `job="${jobName(service)}"`] as const] : [],
    ),
    [duration.metric, duration.selector] as const,
  ];
  const edges = new Map<string, readonly string[]>();
  for (const [metric, selector] of selectors) {
    const samples = await server.query(`count by (le) (${series.of(`${metric}_bucket`, selector)})`);
    const pods = Math.max(...samples.map(({ value }) => value));
    const common = samples.filter(({ value }) => value === pods).map(({ metric: { le } }) => le ?? '');
    if (common.length > 0) edges.set(metric, common);
  }
  return edges;
}
