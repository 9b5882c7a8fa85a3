import { startupLimits } from '@fairway/engines';
import { sleeps } from '@fairway/service';
import type { Service } from '@fairway/service';
import { errorReason, listOf, podCount, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { enteringPods, replacesPods } from '@fairway/service/release-pods';
import type { StageContext, StageResult } from '@fairway/stage';
import type { Cluster, Deployment, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { ownedBy } from '@fairway/clients/kubernetes/owner';
import { revisionLabel, versionName } from '@fairway/clients/kubernetes/names';
import { ToolError } from '@fairway/clients/tool-error';
import { isReady, isReadyPod } from '@fairway/clients/kubernetes/workload';
import { coldFirstToken } from './cold-first-token.ts';
import { asleep, coldStart } from './cold-start.ts';
import { parseReference } from './image-reference.ts';
import { giveBack, makeRoom, putRight } from './make-room.ts';
import { isPrepared, pullSecretName } from './objects.ts';
import { notReady } from './not-ready.ts';
import { removeAbandoned } from './remove-abandoned.ts';
import { endingPullToken } from './pull-token.ts';
import { diagnosisOf, podsOf } from './rollout-evidence.ts';
import type { TrafficHold } from '@fairway/targets/gateway/traffic-lease';
import { formerActivators } from '@fairway/targets/workload/activator';
import { keepForGood } from '@fairway/targets/workload/keep';
import { desiredPods, setPods } from '@fairway/targets/workload/pods';
import { pullToken, waitForPullToken } from '@fairway/targets/workload/pull-token';
import { startPods } from '@fairway/targets/workload/scaler';
import { previousRevision, versions } from '@fairway/targets/workload/versions';
import { candidate, objectsOf, outputsOf, servingRevision } from './version.ts';
import type { RunInputs } from './version.ts';

type Kubernetes = typeof import('@fairway/clients/kubernetes/index');

export interface Clients {
  readonly kubernetes: Kubernetes;
  /** Opened when it is first needed: a skipped stage must not wait for a cluster. */
  cluster(signal: AbortSignal): Promise<Cluster>;
}

/** @param making the version that must make room; undefined where there is room for all */
export async function roll(
  service: Service,
  inputs: RunInputs,
  context: StageContext<Clients>,
  cluster: Cluster,
  making: { readonly serving: string; readonly hold: TrafficHold } | undefined,
): Promise<StageResult> {
  const { revision } = candidate(service, inputs);
  const serving = making?.serving;
  const { applyObjects, watchRollout } = context.clients.kubernetes;
  const room = serving && { revision, serving, signal: context.signal, progress: context.log.progress };
  if (making && room) await putRight(cluster, service, making.hold, room);
  const pods =
    serving && serving !== revision && replacesPods(service) ? enteringPods(service) : service.resources.replicas;

  const namespace = await standingNamespace(cluster, service.namespace, context);
  const { shared, version, owned } = objectsOf(service, inputs, namespace, pods);

  const before = await versions(cluster, service.namespace, service.name);
  const previous = previousRevision(before, revision);
  await removeAbandoned(cluster, service, [revision, previous], room !== undefined, context);
  const name = versionName(service.name, revision);
  context.log.info(
    `Applying ${name} to ${service.namespace} in context ${inputs.context}${previous ? ` beside ${previous}, which goes on serving` : ''}.`,
  );
  const token = pullToken(service, inputs.image, revision);
  const { 'registry-username': username, 'registry-password': password } = inputs;
  const ending = !token && username && password && endingPullToken(username, password);
  if (ending) context.log.warning(ending);
  if (service.workload.pullToken && !token)
    context.log.info(`workload.pullToken is not used: logins of ${parseReference(inputs.image).registry} do not end.`);
  const formerSecret = await cluster.get({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: pullSecretName(service), namespace: service.namespace },
  });
  const removable = madeHere(namespace, before, revision, shared, version);
  const undo = async (open: Cluster) => {
    // the version that serves may need the credentials it was deployed with
    if (formerSecret) await applyObjects(open, [restorable(formerSecret)]);
    const removed = await context.clients.kubernetes.removeObjects(open, removable);
    if (room) await giveBack(open, service, room);
    return removed;
  };
  const begun = context.now().getTime();
  const watched = await orUndo(cluster, undo, async () => {
    if (room && serving !== revision) await makeRoom(cluster, service, room);
    // one that was there before may have another number of pods
    if (servingRevision(before, revision) !== revision && !service.scaling)
      await setPods(cluster, service, revision, pods);
    // an older version that comes back may be on its way out
    await keepForGood(cluster, service, revision);
    const changed = shared.filter(({ kind }) => kind !== 'Namespace' || !isPrepared(service, namespace));
    const applied = await applyObjects(cluster, [...changed, ...version]);
    const deployment = applied.find(({ object }) => object.kind === service.workload.kind)!.object;
    // before its first pod is there, and gone with the version, whoever removes it
    await applyObjects(
      cluster,
      owned.map(object => ownedBy(object, deployment)),
    );
    if (token)
      await waitForPullToken(
        cluster,
        { namespace: service.namespace, name: token.secret },
        { signal: context.signal, progress: context.log.progress },
      );
    for (const former of await formerActivators(cluster, service, owned)) await cluster.remove(former);
    // one that sleeps and is delivered again must not sleep before its release
    if (service.scaling && (sleeps(service) || servingRevision(before, revision) !== revision))
      await startPods(cluster, service, revision);
    return watchRollout(cluster, {
      namespace: service.namespace,
      deployment: name,
      podLabels: context.clients.kubernetes.revisionLabels(service.name, revision),
      limits: startupLimits(service),
      signal: context.signal,
      progress: context.log.progress,
    });
  });
  const running = service.scaling && watched.ready ? watched.pods.filter(isReadyPod).length : pods;
  const outputs = {
    ...(await outputsOf(service, inputs, cluster, before, running)),
    ...coldStart(service, before, revision, (context.now().getTime() - begun) / 1000, context.record),
  };
  const secretless = [...shared, ...version, ...owned].filter(object => object.kind !== 'Secret');
  const objects = await context.evidence('objects.json', 'application/json', JSON.stringify(secretless, null, 2));
  const stood = desiredPods(before.find(one => one.metadata.labels?.[revisionLabel] === revision)) > 0;
  // pods of a mesh take no request of the API server
  const cold =
    watched.ready && !service.mesh
      ? await orUndo(cluster, undo, () =>
          coldFirstToken(
            service,
            { revision, image: inputs.image, seconds: stood ? undefined : watched.coldSeconds },
            cluster,
            context,
          ),
        )
      : undefined;
  if (watched.ready && !cold?.over) {
    const evidence = await podsOf(context, watched.pods);
    const { replicas } = service.resources;
    const some = { version: name, pods: podCount(running) };
    const ready =
      pods < replicas
        ? reasonOf('deploy.readyInPart', { ...some, replicas, serving: serving ?? '' })
        : reasonOf('deploy.ready', some);
    return {
      verdict: 'pass',
      reason: listOf('list.then', [
        ready,
        ...(cold?.said ? [cold.said] : []),
        ...asleep(service, outputs['cold-start']),
      ]),
      outputs: { ...outputs, ...cold?.outputs },
      evidence: [objects, evidence, ...(cold?.evidence ?? [])],
    };
  }
  const removed = await undo(cluster);
  const left = [
    reasonOf(removed.length > 0 ? 'deploy.removed' : 'deploy.left'),
    previous ? reasonOf('deploy.goesOn', { revision: previous }) : reasonOf('deploy.first'),
  ];
  if (watched.ready)
    return {
      verdict: 'fail',
      reason: listOf('list.then', [...(cold?.said ? [cold.said] : []), ...left]),
      // what was measured holds for the next try with the same image
      outputs: { ...cold?.outputs },
      evidence: [objects, ...(cold?.evidence ?? [])],
    };
  return {
    verdict: 'fail',
    reason: notReady(name, watched, left, context.record),
    outputs: {},
    ...(await diagnosisOf(context, watched, removed, [objects])),
  };
}

/** The namespace as it is; one that is being deleted, as after a failed first delivery, is waited for and counts as absent. */
async function standingNamespace(
  cluster: Cluster,
  name: string,
  context: StageContext<Clients>,
): Promise<KubernetesObject | undefined> {
  const found = await cluster.get({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  if (!found?.metadata.deletionTimestamp) return found;
  context.log.progress(`waiting until the former namespace ${name} is gone`);
  await context.clients.kubernetes.waitUntilGone(cluster, found, 120_000, context.signal);
  return undefined;
}

/** A rollout that breaks off must not leave a half-started version behind. */
async function orUndo<T>(
  cluster: Cluster,
  undo: (cluster: Cluster) => Promise<unknown>,
  roll: () => Promise<T>,
): Promise<T> {
  try {
    return await roll();
  } catch (error) {
    // the run's own signal may be what ended it
    await undo(cluster.withSignal(AbortSignal.timeout(15_000))).catch((left: Error) => {
      throw new ToolError(
        'kubernetes',
        reasonOf('request.removeBegun'),
        undefined,
        reasonOf('deploy.notUndone', { left: errorReason(left), error: errorReason(error as Error) }),
      );
    });
    throw error;
  }
}

/** What goes when this run fails, the version first: all that was not there before, and a version that never became ready. */
function madeHere(
  namespace: KubernetesObject | undefined,
  before: readonly Deployment[],
  revision: string,
  shared: readonly KubernetesObject[],
  version: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  const stood = before.some(
    deployment =>
      deployment.metadata.labels?.[revisionLabel] === revision &&
      isReady(deployment) &&
      deployment.spec?.replicas !== 0,
  );
  return [...(stood ? [] : [...version].reverse()), ...(namespace ? [] : [...shared].reverse())];
}

function restorable({ apiVersion, kind, metadata, type, data }: KubernetesObject): KubernetesObject {
  const { name, namespace, labels } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, labels }, type, data };
}
