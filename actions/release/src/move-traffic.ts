import type { Service } from '@fairway/service';
import { errorReason, english, listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { lacksRoom, replacesPods, sharesByPods } from '@fairway/service/release-pods';
import type { StageContext, StageResult } from '@fairway/stage';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import {
  promotedAnnotation,
  releasedAnnotation,
  releasedAtAnnotation,
  revisionLabel,
  routeNames,
} from '@fairway/clients/kubernetes/names';
import { promotedOf, releasedRevisions } from '@fairway/clients/kubernetes/released';
import { removeVersions } from '@fairway/clients/kubernetes/remove-versions';
import { ToolError } from '@fairway/clients/tool-error';
import { goBack } from '@fairway/targets/gateway/go-back';
import type { TrafficHold, TrafficHolder } from '@fairway/targets/gateway/traffic-lease';
import { trafficOf } from '@fairway/targets/traffic';
import { postGuard, withdrawGuard } from '@fairway/targets/workload/guard';
import { keepForGood } from '@fairway/targets/workload/keep';
import { missingPods } from '@fairway/targets/workload/pods';
import { awaken, holdPods, idleScaler, letPodsGo } from '@fairway/targets/workload/scaler';
import { versions } from '@fairway/targets/workload/versions';
import { beginOnGithub } from './github-deployment.ts';
import type { ReleaseInputs } from './inputs.ts';
import { noteReleased } from './note-released.ts';
import { nothingReleased } from './nothing-released.ts';
import { openWatch } from './open-watch.ts';
import { retire } from './retire.ts';
import { stepTable } from './step-table.ts';
import { givePods, walkSteps } from './steps.ts';
import type { StepResult } from './steps.ts';
import { Requests } from './requests.ts';
import { openWay } from './way.ts';

/**
 * Gives a version the traffic step by step, or takes it back. Everything here needs the lease, and whatever ends it early goes
 * back to the version that was released last, unless somebody else holds the lease by then.
 * @param context with a signal that ends when the lease is lost
 */
export async function moveTraffic(
  service: Service,
  inputs: ReleaseInputs,
  hold: TrafficHold & Pick<TrafficHolder, 'holder'>,
  open: Cluster,
  context: StageContext,
): Promise<StageResult> {
  const { signal } = context;
  const { progress } = context.log;
  const { revision } = inputs;
  const cluster = open.withSignal(signal);
  const traffic = trafficOf(cluster, service, signal);
  const shares = await traffic.shares();
  if (!shares.has(revision))
    return nothingReleased(
      sharesByPods(service)
        ? reasonOf('release.noVersion', { revision, namespace: service.namespace })
        : reasonOf('release.noRoute', { revision, route: `${service.namespace}/${routeNames(service.name).chat}` }),
    );
  const found = await versions(cluster, service.namespace, service.name);
  const candidate = found.find(({ metadata }) => metadata.labels?.[revisionLabel] === revision);
  if (!candidate) return nothingReleased(reasonOf('release.noVersion', { revision, namespace: service.namespace }));
  const idle = await idleScaler(cluster, service, revision);
  if (idle) context.log.warning(english(idle));
  const released = releasedRevisions(found);
  const stable = released.find(one => one !== revision && shares.has(one));
  // one that was never released has pods to give up all the same
  const before =
    stable ??
    (lacksRoom(service) && !sharesByPods(service) ? [...shares.keys()].find(one => one !== revision) : undefined);
  // during a step the pods of all versions have users
  if (sharesByPods(service)) await removeVersions(cluster, service, one => one !== revision && one !== stable);
  const watched = await openWatch(cluster, service, inputs, context, stable).catch((error: unknown) => {
    if (error instanceof ToolError && error.tool === 'prometheus') return error;
    throw error;
  });
  if (watched instanceof ToolError)
    return { ...nothingReleased(reasonOf('release.unseen', { words: errorReason(watched) })), verdict: 'inconclusive' };
  const weighed = stable !== undefined && released[0] !== revision;
  const way = weighed ? await openWay(cluster, service, inputs, stable, signal) : undefined;
  const finish = await beginOnGithub(service, inputs, context).catch(async (error: unknown) => {
    await way?.close();
    throw error;
  });

  let steps: readonly StepResult[] = [];
  // what was promoted once is not judged by releasing it again
  let promoted = weighed ? undefined : promotedOf(candidate);
  const evidence = () =>
    context.evidence(
      'steps.json',
      'application/json',
      JSON.stringify({ candidate: revision, stable: stable ?? null, steps: steps.map(written) }, null, 2),
    );
  const guard = weighed && service.release.brokenOff === 'back' ? inputs['guard-image'] : undefined;
  try {
    // with nobody to share with there is nothing to weigh: the load test of this version has judged it
    if (weighed && way) {
      // a version that loses users for a while must not lose its pods too
      for (const one of service.scaling ? [stable, revision] : []) await holdPods(cluster, service, one);
      await awaken(cluster, service, stable, { signal, progress });
      if (guard) await postGuard(cluster, { service, holder: hold.holder, stable, candidate: revision }, guard, signal);
      if (missingPods(service, found, { serving: stable, revision }))
        await goBack(cluster, service, stable, revision, hold, progress);
      const requests = new Requests(hold);
      const options = { way, candidate: revision, stable, watch: watched.watch, requests, signal, progress };
      steps = await walkSteps(cluster, traffic, service, options).finally(() => requests.end());
    }
    const last = steps.at(-1);
    if (weighed) promoted = last?.promoted && { ...last.promoted, weight: last.weight };
    if (last?.objection && stable) {
      const stays = last.verdict === 'inconclusive' && !last.aborted && service.release.undecided === 'stay';
      const done = stays
        ? reasonOf('release.weightsStay', { weight: last.weight, revision })
        : await goBack(cluster, service, stable, revision, hold, progress);
      await finish('failure', english(last.objection));
      return {
        verdict: last.verdict,
        reason: reasonOf('release.stepped', { weight: last.weight, objection: last.objection, then: done }),
        outputs: stays ? {} : { revision: stable, weight: '100' },
        evidence: [await evidence()],
        summary: stepTable(steps),
      };
    }
    if ((steps.length === 0 || promoted) && before && replacesPods(service))
      await givePods(cluster, traffic, service, 100, { candidate: revision, stable: before, signal, progress });
    await traffic.set(new Map([[revision, 100], ...(stable ? ([[stable, 0]] as const) : [])]));
    if (!service.apply) await keepForGood(cluster, service, revision);
    const notes = {
      [releasedAnnotation]: context.record.id,
      [releasedAtAnnotation]: context.now().toISOString(),
      [promotedAnnotation]: promoted ? JSON.stringify(promoted) : null,
    };
    const goesBack = async () => before !== undefined && (await hold.takenBy()) === undefined;
    await noteReleased(cluster, candidate, notes, goesBack, async () => {
      if (service.scaling) await letPodsGo(cluster, service, revision);
    });
  } catch (error) {
    const done = await goBack(cluster, service, before, revision, hold, progress).catch(async (stuck: Error) => {
      context.log.warning(`The release ended because of this: ${(error as Error).message}`);
      await finish('failure', stuck.message);
      throw stuck;
    });
    await finish('failure', english(done));
    throw error;
  } finally {
    await way?.close();
    // the run's own signal may be what ended it; a guard that is left alone ends by itself when the lease is given back
    if (guard)
      await withdrawGuard(cluster.withSignal(AbortSignal.timeout(30_000)), service).catch((error: Error) =>
        context.log.warning(error.message),
      );
  }
  const unjudged = promoted
    ? [reasonOf('release.unjudged', { by: promoted.by, revision, weight: promoted.weight })]
    : [];
  const said = (sentence: Reason) => listOf('list.then', [...unjudged, sentence]);
  let reason = said(reasonOf('release.passed', { revision }));
  try {
    const options = { revision, stable, open: watched.open, signal, progress };
    const then = await retire(cluster, traffic, service, options);
    if (then.length > 0) reason = said(reasonOf('release.passedAnd', { revision, then: listOf('list.also', then) }));
  } finally {
    // it is released, whether or not the version before could be put away
    await finish('success', english(reason), inputs.url);
  }
  return {
    verdict: promoted ? 'inconclusive' : 'pass',
    reason,
    outputs: { revision, weight: '100', ...(promoted && { 'promoted-by': promoted.by }) },
    evidence: [await evidence()],
    summary: stepTable(steps),
  };
}

/** A step as its evidence has it: the sentence, and its code beside it. */
function written({ objection, ...step }: StepResult) {
  if (objection === undefined) return step;
  return { ...step, objection: english(objection), ...(typeof objection === 'object' ? { coded: objection } : {}) };
}
