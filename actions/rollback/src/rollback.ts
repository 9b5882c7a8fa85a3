import { hostname } from 'node:os';
import { ConfigurationError } from '@fairway/service';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { releasedAtAnnotation, revisionLabel, versionName } from '@fairway/clients/kubernetes/names';
import { wayBack } from '@fairway/clients/kubernetes/released';
import { ToolError } from '@fairway/clients/tool-error';
import { isReady } from '@fairway/clients/kubernetes/workload';
import type { Deployment } from '@fairway/clients/kubernetes/workload';
import type { Service } from '@fairway/service';
import { replacesPods } from '@fairway/service/release-pods';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { goBack } from '@fairway/targets/gateway/go-back';
import { findTraffic, trafficOf } from '@fairway/targets/traffic';
import { holdTraffic, TrafficTaken } from '@fairway/targets/gateway/traffic-lease';
import type { TrafficHold } from '@fairway/targets/gateway/traffic-lease';
import { serveAgain } from '@fairway/targets/workload/drain';
import { keepFor, keepForGood } from '@fairway/targets/workload/keep';
import { desiredPods, wholePods } from '@fairway/targets/workload/pods';
import { followUsers } from '@fairway/targets/workload/scaler';
import { versions } from '@fairway/targets/workload/versions';

export interface RollbackOptions {
  /** Version to go back to; default the one that was released before the one that serves. */
  readonly revision?: string;
  /** Seconds for which the versions that lose their users stay, as `keptSeconds` says. */
  readonly keep: number;
  /** The service by its fairway.yaml; without it no pods come back where a release has taken some. */
  readonly described?: Service;
  /** Who goes back, for others who find the lease taken; default this machine. */
  readonly holder?: string;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly progress: (message: string) => void;
}

interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

export interface RolledBack {
  /** Has all traffic now. */
  readonly revision: string;
  /** Lost it; empty when nothing had to move. */
  readonly from: readonly string[];
}

/**
 * Gives a version that was released before all traffic again. It moves weights and waits for nothing but the gateway; where
 * `release.surge` left the version fewer pods, they come back one after another, and the traffic with them.
 * @throws ConfigurationError when there is no such version, it is not ready, or somebody else is moving the traffic
 */
export async function rollback(cluster: Cluster, service: ServiceName, options: RollbackOptions): Promise<RolledBack> {
  const { holder = `rollback on ${hostname()}`, signal } = options;
  const result = await holdTraffic(cluster, service, { holder, signal, urgent: true }, hold =>
    move(cluster, service, { ...options, signal: hold.signal }, hold),
  );
  if (result instanceof TrafficTaken) throw new ConfigurationError(reasonOf('back.taken', { taken: result.coded }));
  return result;
}

async function move(
  cluster: Cluster,
  service: ServiceName,
  options: RollbackOptions,
  hold: TrafficHold,
): Promise<RolledBack> {
  const { described, signal } = options;
  const traffic = described ? trafficOf(cluster, described, signal) : await findTraffic(cluster, service, signal);
  const [shares, found] = await Promise.all([traffic.shares(), versions(cluster, service.namespace, service.name)]);
  const { released, serving, to } = wayBack(found, shares);
  const deploymentOf = (revision: string | undefined) =>
    found.find(one => one.metadata.labels?.[revisionLabel] === revision);
  const lacks = (one: Deployment | undefined) => desiredPods(one) < wholePods(one);
  const revision = options.revision ?? (lacks(deploymentOf(released[0])) ? released[0] : to);
  const deployment = deploymentOf(revision);
  if (!revision || !shares.has(revision) || !deployment)
    throw new ConfigurationError(
      reasonOf('back.gone', {
        ...{ service: service.name, namespace: service.namespace },
        version: revision ? reasonOf('back.version', { revision }) : reasonOf('back.before'),
        there: released.length > 0 ? released.join(', ') : reasonOf('back.none'),
      }),
    );
  if (!isReady(deployment))
    throw new ConfigurationError(
      reasonOf('back.notReady', {
        ...{ revision, service: service.name },
        deployment: `${service.namespace}/${versionName(service.name, revision)}`,
      }),
    );
  const from = serving.filter(one => one !== revision);
  if (lacks(deployment)) {
    if (!described) throw new ConfigurationError(reasonOf('back.surge', { service: service.name, revision }));
    // the others on the route have the pods that it lacks, also one that has no traffic yet
    for (const other of [...shares.keys()].filter(one => one !== revision))
      await goBack(cluster, described, revision, other, hold, options.progress);
  }
  // what broke off may have begun to drain a pod
  if (described && replacesPods(described)) await serveAgain(cluster, described, revision);
  await traffic.set(new Map([...[...shares.keys()].map(one => [one, 0] as const), [revision, 100]]));
  await keepForGood(cluster, service, revision);
  await cluster.annotate(deployment, { [releasedAtAnnotation]: options.now().toISOString() });
  // only fairway.yaml says that there is none
  if (!described || described.scaling)
    await followUsers(cluster, service, revision, from).catch((error: unknown) => {
      // the users have moved; a scaler that a login without fairway.yaml may not touch takes no pods until the next release
      if (described || !(error instanceof ToolError && error.status === 403)) throw error;
      options.progress(error.message);
    });
  for (const one of from) await keepFor(cluster, service, one, options.keep);
  return { revision, from };
}
