import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineProfile } from '@fairway/engines';
import { jobName } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import type { Prometheus, Target } from '@fairway/clients/prometheus/index';
import type { GatewayTarget } from '@fairway/targets/gateway/target';
import type { Group } from './rules.ts';

export interface Seen {
  /** What is missing, half sentences. */
  readonly missing: readonly string[];
  readonly targets: readonly Target[];
}

/** Pods of the service that Prometheus scrapes. */
export async function targetsOf(server: Prometheus, service: Service): Promise<readonly Target[]> {
  return (await server.targets()).filter(target => target.labels.job === jobName(service));
}

/** The engine's pods of a revision are up and one of its metrics has a sample. */
export async function seeEngine(
  server: Prometheus,
  service: Service,
  profile: EngineProfile,
  revision: string,
): Promise<Seen> {
  const targets = (await targetsOf(server, service)).filter(target => target.labels.revision === revision);
  const missing: string[] = [];
  if (targets.length === 0) missing.push(`Prometheus knows no target of the version ${revision}`);
  const down = targets.find(target => target.health !== 'up');
  if (down)
    missing.push(`the target ${down.scrapeUrl} is ${down.health}${down.lastError ? ` (${down.lastError})` : ''}`);
  const metric = sampleMetric(profile);
  if (targets.length > 0 && !down && metric) {
    const samples = await server.query(
      `count({__name__="${metric}",job="${jobName(service)}",revision="${revision}"})`,
    );
    if (samples.length === 0) missing.push(`the engine's metric ${metric} has no sample`);
  }
  return { missing, targets };
}

/** Prometheus has loaded the groups and evaluates them without an error. */
export async function seeRules(server: Prometheus, groups: readonly Group[]): Promise<readonly string[]> {
  const loaded = await server.rules();
  return groups.flatMap(group => {
    const found = loaded.find(candidate => candidate.name === group.name);
    if (!found) return [`Prometheus has not loaded the rule group ${group.name}`];
    if (found.rules.length !== group.rules.length)
      return [`the rule group ${group.name} has ${found.rules.length} rules instead of ${group.rules.length}`];
    const bad = found.rules.find(rule => rule.health === 'err');
    return bad ? [`the rule ${bad.name} fails: ${bad.lastError}`] : [];
  });
}

/** Without the gateway's metrics availability cannot be judged. */
export async function seeGateway(
  server: Prometheus,
  service: Service,
  gateway: GatewayTarget,
): Promise<readonly string[]> {
  const samples = await server.query(`count({${gateway.serviceTraffic(service).selector}})`);
  return samples.length > 0 ? [] : ['Prometheus has no metrics of the gateway for this service'];
}

/** Asks until nothing is missing or the deadline passes. */
export async function until(
  look: () => Promise<readonly string[]>,
  deadline: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const end = Date.now() + deadline;
  for (;;) {
    const missing = await look();
    if (missing.length === 0 || Date.now() > end) return missing;
    await sleep(500, undefined, { signal });
  }
}

/** A metric that is there without traffic. */
function sampleMetric(profile: EngineProfile): string | undefined {
  return profile.metrics.requestsRunning ?? profile.metrics.requestsWaiting ?? profile.metrics.generatedTokens;
}

/** Bucket edges of the histograms that have any, by metric. */
export async function bucketEdges(
  server: Prometheus,
  service: Service,
  profile: EngineProfile,
  gateway: GatewayTarget,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { timeToFirstToken, interTokenLatency } = profile.metrics;
  const { duration } = gateway.serviceTraffic(service);
  const selectors = [
    ...[timeToFirstToken, interTokenLatency].flatMap(metric =>
      metric ? [[metric, `job="${jobName(service)}"`] as const] : [],
    ),
    [duration.metric, duration.selector] as const,
  ];
  const edges = new Map<string, readonly string[]>();
  for (const [metric, selector] of selectors) {
    const samples = await server.query(`count by (le) (${metric}_bucket{${selector}})`);
    if (samples.length > 0)
      edges.set(
        metric,
        samples.map(sample => sample.metric.le ?? ''),
      );
  }
  return edges;
}
