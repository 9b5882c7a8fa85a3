import { overall } from '@fairway/indicators';
import type { Decision } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import {
  podsOfShare,
  podsOfWeight,
  replacesPods,
  sharesByPods,
  weightOfPods,
  withLoadOfPods,
} from '@fairway/service/release-pods';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { versionName } from '@fairway/clients/kubernetes/names';
import { isReady, readyReplicas } from '@fairway/clients/kubernetes/workload';
import { getWorkload } from '@fairway/clients/kubernetes/workload-kinds';
import type { Traffic } from '@fairway/targets/traffic';
import { replacePods, setPods, wholePods } from '@fairway/targets/workload/pods';
import { judgeStep } from './step.ts';
import type { Judged, StepOptions } from './step.ts';
import { stepReason } from './step-reason.ts';

export interface StepResult extends Judged {
  /** Percent of the users, by the weight or by the pods. */
  readonly weight: number;
  readonly verdict: Decision['verdict'];
  /** Why the release does not go on; undefined when it does. */
  readonly objection: string | undefined;
}

export interface StepsOptions extends Omit<StepOptions, 'seconds' | 'maxSeconds' | 'seed'> {
  /** The version that gives its traffic up. */
  readonly stable: string;
}

/** Moves the traffic step by step and judges each before the next; ends at the first that does not pass. */
export async function walkSteps(
  cluster: Cluster,
  traffic: Traffic,
  service: Service,
  options: StepsOptions,
): Promise<readonly StepResult[]> {
  const { candidate, stable } = options;
  const results: StepResult[] = [];
  for (const [index, { weight: wanted, seconds, maxSeconds }] of service.release.steps.entries()) {
    const byPods = sharesByPods(service) ? await podsAt(cluster, service, wanted, stable) : undefined;
    const weight = byPods ? Math.round(byPods.share) : wanted;
    if (replacesPods(service)) await givePods(cluster, traffic, service, wanted, options);
    await traffic.set(
      new Map([
        [candidate, weight],
        [stable, 100 - weight],
      ]),
    );
    // those that it gave up come back as far as there is room, so that going back costs no start
    if (byPods && weight === 100) await setPods(cluster, service, stable, byPods.stable);
    const judged = await judgeStep(withLoadOfPods(service, podsOfWeight(service, wanted)), {
      ...options,
      seconds,
      maxSeconds: Math.max(seconds, maxSeconds),
      seed: index + 1,
      progress: message => options.progress(`${weight} %: ${message}`),
    });
    const gone = await notReady(cluster, service, candidate);
    const gatewayShare = judged.gatewayErrors / Math.max(1, judged.gatewayErrors + judged.synthetic);
    const unclear = gatewayShare > 1 - service.objectives.availability / 100;
    const decided = overall(judged.decisions);
    const blind = judged.unseen !== undefined && decided !== 'fail';
    const verdict = gone ? 'fail' : unclear || blind ? 'inconclusive' : decided;
    const objection = blind
      ? `nobody saw how the users fare: ${judged.unseen}`
      : stepReason(judged, verdict, service.objectives);
    results.push({ weight, ...judged, verdict, objection: gone ?? objection });
    if (verdict !== 'pass') break;
  }
  return results;
}

/**
 * Gives the candidate the pods that its weight needs, in the place of pods of the stable version where there is no room. The
 * traffic moves with them only as far as the pods that are left could not carry it, and never beyond the weight: that part
 * is not judged yet.
 * @param weight percent that is wanted; where users follow pods, it is what the pods come to
 */
export async function givePods(
  cluster: Cluster,
  traffic: Traffic,
  service: Service,
  weight: number,
  { candidate, stable, signal, progress }: Pick<StepsOptions, 'candidate' | 'stable' | 'signal' | 'progress'>,
): Promise<void> {
  const before = (await traffic.shares()).get(candidate) ?? 0;
  const byPods = sharesByPods(service) ? await podsAt(cluster, service, weight, stable) : undefined;
  await replacePods(cluster, service, {
    from: stable,
    to: candidate,
    pods: byPods?.candidate ?? podsOfWeight(service, weight),
    left: byPods?.stable,
    async share({ from, to }) {
      const needed = weightOfPods({ candidate: to, stable: from }, service.resources.replicas, before);
      const moved = Math.min(weight, needed);
      await traffic.set(
        new Map([
          [candidate, moved],
          [stable, 100 - moved],
        ]),
      );
    },
    signal,
    progress,
  });
}

async function podsAt(cluster: Cluster, service: Service, weight: number, stable: string) {
  const metadata = { name: versionName(service.name, stable), namespace: service.namespace };
  const found = await getWorkload(cluster, metadata);
  return podsOfShare(service, weight, wholePods(found));
}

async function notReady(cluster: Cluster, service: Service, revision: string): Promise<string | undefined> {
  const name = versionName(service.name, revision);
  const deployment = await getWorkload(cluster, { name, namespace: service.namespace });
  if (!deployment) return `the deployment ${service.namespace}/${name} is gone`;
  // one that gets more pods is not worse for it
  if (service.scaling && readyReplicas(deployment) >= Math.max(1, service.scaling.min)) return undefined;
  return isReady(deployment) ? undefined : `the deployment ${service.namespace}/${name} is no longer ready`;
}
