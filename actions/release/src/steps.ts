import { setTimeout as sleep } from 'node:timers/promises';
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
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { versionName } from '@fairway/clients/kubernetes/names';
import type { Asked } from '@fairway/clients/kubernetes/release-request';
import { isReady, readyReplicas } from '@fairway/clients/kubernetes/workload';
import { getWorkload } from '@fairway/clients/kubernetes/workload-kinds';
import type { Traffic } from '@fairway/targets/traffic';
import { replacePods, setPods, wholePods } from '@fairway/targets/workload/pods';
import type { Requests } from './requests.ts';
import { isUnclear, judgeStep } from './step.ts';
import type { Judged, StepOptions } from './step.ts';
import { stepReason } from './step-reason.ts';

export interface StepResult extends Judged {
  /** Percent of the users, by the weight or by the pods. */
  readonly weight: number;
  readonly verdict: Decision['verdict'];
  /** Why the release does not go on; undefined when it does. */
  readonly objection: Reason | string | undefined;
  /** Who held the weights then, from when until when; what was judged before counts for nothing. */
  readonly paused?: Asked & { readonly until: string };
  /** Who gave the candidate all users then, whatever was judged. */
  readonly promoted?: Asked;
  /** Who took all users away from it then. */
  readonly aborted?: Asked;
}

export interface StepsOptions extends Omit<StepOptions, 'seconds' | 'maxSeconds' | 'seed' | 'ends'> {
  /** The version that gives its traffic up. */
  readonly stable: string;
  readonly requests: Requests;
}

/** Moves the traffic step by step and judges each before the next; ends at the first that does not pass, and when somebody promotes or aborts it. */
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
    const at = { index, wanted, weight, seconds, maxSeconds: Math.max(seconds, maxSeconds) };
    results.push(...(await judgeWeight(cluster, service, at, options)));
    if (results.at(-1)?.verdict !== 'pass') break;
  }
  return results;
}

interface Weight {
  /** Of the step, from 0. */
  readonly index: number;
  readonly wanted: number;
  readonly weight: number;
  readonly seconds: number;
  readonly maxSeconds: number;
}

/** Milliseconds between two judgements of a version that is held. */
const interval = 2000;

/**
 * Judges a step. While somebody holds its weights the candidate is judged on, again and again, so that one that misses an objective is
 * not held with its users; what it passes then moves nothing. Afterwards the step begins anew: who holds it may have put something
 * right meanwhile, and one sample would mix before and after.
 */
async function judgeWeight(
  cluster: Cluster,
  service: Service,
  { index, wanted, weight, seconds, maxSeconds }: Weight,
  options: StepsOptions,
): Promise<readonly StepResult[]> {
  const { candidate, stable, requests, signal } = options;
  const { steps } = service.release;
  let held: (Omit<StepResult, 'paused'> & { readonly paused: Asked }) | undefined;
  const results: StepResult[] = [];
  const endPause = () => {
    if (held) results.push({ ...held, paused: { ...held.paused, until: new Date().toISOString() } });
    held = undefined;
  };
  for (let seed = index + 1; ; seed += steps.length) {
    await requests.look();
    await requests.announce({ candidate, stable, weight, step: index + 1, steps: steps.length });
    const { paused } = requests;
    if (!paused) endPause();
    const said = paused ? `${weight} %, paused by ${paused.by} since ${paused.at}` : `${weight} %`;
    const judged = await judgeStep(withLoadOfPods(service, podsOfWeight(service, wanted)), {
      ...options,
      seconds: paused ? 0 : seconds,
      maxSeconds,
      seed,
      ends: () =>
        requests.promoted !== undefined ||
        requests.aborted !== undefined ||
        (requests.paused === undefined) !== (paused === undefined),
      progress: message => options.progress(`${said}: ${message}`),
    });
    const result = { weight, ...judged, ...verdictOf(service, judged, await notReady(cluster, service, candidate)) };
    await requests.look();
    const { promoted, aborted } = requests;
    if (result.verdict !== 'fail' && (promoted || aborted)) {
      endPause();
      await requests.announce();
      const end = aborted
        ? { objection: reasonOf('release.abortedBy', { by: aborted.by }), aborted }
        : { objection: undefined, promoted };
      return [...results, { ...result, verdict: 'inconclusive', ...end }];
    }
    const asked = requests.paused ?? paused;
    if (result.verdict === 'fail' || !asked) {
      endPause();
      return [...results, result];
    }
    held ??= { ...result, verdict: 'inconclusive', objection: undefined, paused: asked };
    await sleep(interval, undefined, { signal });
  }
}

/** @param gone why the version no longer serves */
function verdictOf(
  service: Service,
  judged: Judged,
  gone: Reason | undefined,
): Pick<StepResult, 'verdict' | 'objection'> {
  const unclear = isUnclear(service, judged.gatewayErrors, judged.synthetic);
  const decided = overall(judged.decisions);
  const blind = judged.unseen !== undefined && decided !== 'fail';
  const verdict = gone ? 'fail' : decided !== 'fail' && (unclear || blind) ? 'inconclusive' : decided;
  const objection = blind
    ? reasonOf('release.blind', { words: judged.unseen ?? '' })
    : stepReason(judged, verdict, service.objectives, unclear);
  return { verdict, objection: gone ?? objection };
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

async function notReady(cluster: Cluster, service: Service, revision: string): Promise<Reason | undefined> {
  const name = versionName(service.name, revision);
  const found = await getWorkload(cluster, { name, namespace: service.namespace });
  const deployment = `${service.namespace}/${name}`;
  if (!found) return reasonOf('release.gone', { deployment });
  // one that gets more pods is not worse for it
  if (service.scaling && readyReplicas(found) >= Math.max(1, service.scaling.min)) return undefined;
  return isReady(found) ? undefined : reasonOf('release.notReady', { deployment });
}
