import { engineProfile } from '@fairway/engines';
import { podsOfVersion, storedSeries } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import type { StageContext } from '@fairway/stage';
import { sharesByPods } from '@fairway/service/release-pods';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { prometheus } from '@fairway/clients/prometheus/index';
import { targetOfRoute } from '@fairway/targets/gateway/find';
import { asExposed } from '@fairway/targets/metrics/exposed-metrics';
import { prometheusLogin } from '@fairway/targets/metrics/prometheus-access';
import { WeightTraffic } from '@fairway/targets/gateway/traffic';
import type { ReleaseInputs } from './inputs.ts';
import { openRequests } from './drained.ts';
import type { OpenRequests } from './drained.ts';
import { pacesBeside } from './pace.ts';
import { VersionWatch } from './users.ts';

export interface Watched {
  /** The users of the new version. */
  readonly watch?: VersionWatch;
  /** Requests that the previous version is answering now. */
  readonly open?: OpenRequests;
}

/** What Prometheus tells of both versions; nothing without a Prometheus. */
export async function openWatch(
  cluster: Cluster,
  service: Service,
  inputs: ReleaseInputs,
  context: Pick<StageContext, 'log' | 'signal'>,
  stable: string | undefined,
): Promise<Watched> {
  const url = inputs['prometheus-url'];
  if (!url) {
    context.log.info('Without prometheus-url nobody sees how the users fare: only requests made here are judged.');
    return {};
  }
  const server = prometheus(url, context.signal, prometheusLogin(inputs), 'rejected');
  const known = engineProfile(service.engine.name);
  const { profile } = await asExposed(server, service, known, inputs.revision);
  const series = storedSeries(service);
  const paces =
    stable === undefined
      ? {}
      : await pacesBeside(server, service, (await asExposed(server, service, known, stable)).profile, stable);
  if (stable !== undefined && !paces['time-to-first-token'])
    context.log.info(
      `${inputs.revision} is not compared with ${stable}, which is as slow as its objective allows, was asked by too few, or whose engine has no histogram of first tokens.`,
    );
  if (sharesByPods(service)) {
    context.log.info(
      `Behind a gateway of the team (${service.gateway?.own}) nobody here sees how requests of users end: availability and goodput are judged by requests made here, latencies by the histograms that ${profile.name} has.`,
    );
    const { requestsRunning, requestsWaiting } = profile.metrics;
    const sum = (gauge: string) => `sum(${series.of(gauge, podsOfVersion(service, stable ?? ''))})`;
    const waiting = requestsWaiting ? ` + (${sum(requestsWaiting)} or vector(0))` : '';
    return {
      watch: await VersionWatch.open(server, undefined, service, profile, inputs.revision, paces),
      ...(stable && requestsRunning ? { open: openRequests(server, sum(requestsRunning) + waiting) } : {}),
    };
  }
  const route = await new WeightTraffic(cluster, service, context.signal).chatRoute();
  const of = (revision: string | undefined) =>
    route && revision !== undefined
      ? targetOfRoute(route).versionTraffic(route, service.name, revision, series)
      : undefined;
  const before = of(stable);
  return {
    watch: await VersionWatch.open(server, of(inputs.revision), service, profile, inputs.revision, paces),
    ...(before ? { open: openRequests(server, before.open) } : {}),
  };
}
