import { hostname } from 'node:os';
import { ConfigurationError } from '@fairway/service';
import type { Service } from '@fairway/service';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { isTaken, takeLease } from '@fairway/clients/kubernetes/lease';
import { releasedAtAnnotation, revisionLabel, versionName } from '@fairway/clients/kubernetes/names';
import { isReady } from '@fairway/clients/kubernetes/workload';
import type { Deployment } from '@fairway/clients/kubernetes/workload';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import { replacesPods } from '@fairway/service/release-pods';
import { goBack } from '@fairway/targets/gateway/go-back';
import { Traffic } from '@fairway/targets/gateway/traffic';
import { keepFor, keepForGood } from '@fairway/targets/workload/keep';
import { desiredPods, wholePods } from '@fairway/targets/workload/pods';
import { releasedRevisions, versions } from '@fairway/targets/workload/versions';

export interface RollbackOptions {
  /** Version to go back to; default the one that was released before the one that serves. */
  readonly revision?: string;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly progress: (message: string) => void;
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
 * @throws ConfigurationError when there is no such version, it is not ready, or a release is moving the traffic
 */
export async function rollback(cluster: Cluster, service: Service, options: RollbackOptions): Promise<RolledBack> {
  const lease = await takeLease(
    cluster,
    { namespace: service.namespace, name: `${service.name}-release` },
    `rollback on ${hostname()}`,
    options.signal,
    true,
  );
  if (isTaken(lease))
    throw new ConfigurationError(
      `A release of ${service.name} is moving the traffic: ${lease.holder}, since ${lease.since}. Cancel it: it goes back by itself.`,
    );
  try {
    return await move(cluster, service, options);
  } finally {
    await lease.release();
  }
}

async function move(cluster: Cluster, service: Service, options: RollbackOptions): Promise<RolledBack> {
  const traffic = new Traffic(cluster, service, options.signal);
  const [shares, found] = await Promise.all([traffic.shares(), versions(cluster, service.namespace, service.name)]);
  const released = releasedRevisions(found).filter(revision => shares.has(revision));
  const serving = [...shares].filter(([, share]) => share > 0).map(([revision]) => revision);
  // a candidate in the middle of its steps goes back to the last release, a whole release to the one before it
  const deploymentOf = (revision: string | undefined) =>
    found.find(one => one.metadata.labels?.[revisionLabel] === revision);
  const lacks = (one: Deployment | undefined) => desiredPods(one) < wholePods(one);
  const unfinished = serving.some(revision => revision !== released[0]) || lacks(deploymentOf(released[0]));
  const revision = options.revision ?? (unfinished ? released[0] : released[1]);
  const deployment = deploymentOf(revision);
  if (!revision || !shares.has(revision) || !deployment)
    throw new ConfigurationError(
      `${revision ? `The version ${revision}` : 'The version before'} of ${service.name} is no longer in ${service.namespace}; there ${released.length > 0 ? `is ${released.join(', ')}` : 'is no released version'}. ${replacesPods(service) ? 'With its release.surge there is no room to keep a version after a release. ' : ''}Deliver its commit again: what was built and scanned is reused.`,
    );
  if (!isReady(deployment))
    throw new ConfigurationError(
      `The version ${revision} of ${service.name} is not ready, so nothing was moved. Look at the deployment ${service.namespace}/${versionName(service.name, revision)}.`,
    );
  const from = serving.filter(one => one !== revision);
  if (lacks(deployment)) {
    // the others on the route have the pods that it lacks, also one that has no traffic yet
    for (const other of [...shares.keys()].filter(one => one !== revision))
      await goBack(cluster, service, revision, other, options.progress);
  }
  await traffic.set(new Map([...[...shares.keys()].map(one => [one, 0] as const), [revision, 100]]));
  const { namespace, name } = service;
  await keepForGood(cluster, service, revision);
  await cluster.annotate(
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name: versionName(name, revision) } },
    { [releasedAtAnnotation]: options.now().toISOString() },
  );
  const keep = replacesPods(service) ? 0 : service.release.keep;
  const seconds = Math.max(keep * 60, longestStreamSeconds(service));
  for (const one of from) await keepFor(cluster, service, one, seconds);
  return { revision, from };
}
