import { engineProfile, startupLimits } from '@fairway/engines';
import { ConfigurationError, loadService, sleeps } from '@fairway/service';
import type { Service } from '@fairway/service';
import { listOf, podCount, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { enteringPods, lacksRoom, replacesPods } from '@fairway/service/release-pods';
import { defineStage } from '@fairway/stage';
import type { Rendering, StageContext, StageResult } from '@fairway/stage';
import { activatorInputs, clusterInputs, gitopsInputs, meshInputs } from '@fairway/stage/cluster-inputs';
import type { Cluster, Deployment, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { ownedBy } from '@fairway/clients/kubernetes/owner';
import { revisionLabel, versionName } from '@fairway/clients/kubernetes/names';
import { clusterUid } from '@fairway/clients/kubernetes/cluster-uid';
import { ToolError } from '@fairway/clients/tool-error';
import { isReady, isReadyPod } from '@fairway/clients/kubernetes/workload';
import { deployByFolder } from './by-folder.ts';
import { asleep, coldStart } from './cold-start.ts';
import { parseReference } from './image-reference.ts';
import { giveBack, makeRoom, putRight } from './make-room.ts';
import {
  isPrepared,
  namespaceObject,
  podSpec,
  pullSecret,
  pullSecretName,
  serviceAccount,
  versionObjects,
} from './objects.ts';
import { notReady } from './not-ready.ts';
import { needed, reading } from './permissions.ts';
import { removeAbandoned } from './remove-abandoned.ts';
import { endingPullToken } from './pull-token.ts';
import { revisionOf } from './revision.ts';
import { diagnosisOf, podsOf } from './rollout-evidence.ts';
import { deliveryHolder, holdTraffic, TrafficTaken } from '@fairway/targets/gateway/traffic-lease';
import type { TrafficHold } from '@fairway/targets/gateway/traffic-lease';
import { membership } from '@fairway/targets/mesh/istio/identity';
import type { MembershipInputs } from '@fairway/targets/mesh/istio/identity';
import { versionMeshObjects } from '@fairway/targets/mesh/istio/objects';
import { injectionAnnotations, injectionLabels } from '@fairway/targets/mesh/istio/pods';
import { formerActivators, versionActivator } from '@fairway/targets/workload/activator';
import { claimedDevices, claimTemplate } from '@fairway/targets/workload/claims';
import { keepForGood } from '@fairway/targets/workload/keep';
import { releasedRevisions } from '@fairway/clients/kubernetes/released';
import { imagePullSecrets } from '@fairway/targets/workload/placement';
import { missingPods, setPods } from '@fairway/targets/workload/pods';
import { missingKind } from '@fairway/targets/workload/presence';
import { missingPullToken, pullToken, waitForPullToken } from '@fairway/targets/workload/pull-token';
import { startPods, versionScaler } from '@fairway/targets/workload/scaler';
import { previousRevision, versions } from '@fairway/targets/workload/versions';

type Kubernetes = typeof import('@fairway/clients/kubernetes/index');

interface Clients {
  readonly kubernetes: Kubernetes;
  /** Opened when it is first needed: a skipped stage must not wait for a cluster. */
  cluster(signal: AbortSignal): Promise<Cluster>;
}

export const deploy = defineStage({
  name: 'deploy',
  description:
    'Applies one version of an inference service to Kubernetes beside the one that serves, and watches it get ready.',
  icon: 'upload-cloud',
  inputs: {
    image: {
      type: 'string',
      required: true,
      from: ['push.reference'],
      description: 'Image as registry/repository@sha256:…',
    },
    ...clusterInputs,
    environment: {
      type: 'string',
      default: 'production',
      environment: 'FAIRWAY_ENVIRONMENT',
      description:
        'Environment of the cluster, such as staging; the delivery record and the portal name the service with it.',
    },
    'registry-username': {
      type: 'string',
      keyed: false,
      description: 'User with which the nodes pull the image; not used where `workload.pullToken` renews a token.',
    },
    'registry-password': { type: 'secret', description: 'Password of that user.' },
    ...activatorInputs,
    ...meshInputs,
    ...gitopsInputs,
  },
  outputs: {
    revision: { description: 'Names the version: 8 hex digits over the image digest and the pod template.' },
    deployment: { description: 'Name of the Deployment, or of what runs pods in its place, and of the Service.' },
    namespace: { description: 'Namespace of the version.' },
    environment: { description: 'Environment that was deployed to.' },
    cluster: {
      description:
        'UID of the namespace kube-system, which tells the cluster from all others; absent where it may not be read.',
    },
    previous: { description: 'Revision that served before; empty on a first delivery.' },
    pods: { description: 'Pods of the version that are ready; with release.surge its release gives it the rest.' },
    'cold-start': {
      description: 'With `scaling.min: 0`: seconds that its pods last took to start, which a first user waits.',
    },
  },
  async connect(inputs): Promise<Clients> {
    const kubernetes = await import('@fairway/clients/kubernetes/index');
    let opened: Promise<Cluster> | undefined;
    return {
      kubernetes,
      cluster: signal =>
        (opened ??= kubernetes.connectCluster({ kubeconfig: inputs.kubeconfig, context: inputs.context, signal })),
    };
  },
  async key(inputs, context) {
    const service = await loadService(context.folder, context.environment);
    const { revision, mesh } = candidate(service, inputs);
    const token = pullToken(service, inputs.image, revision);
    return {
      revision,
      namespace: service.namespace,
      ...(mesh ? { mesh: JSON.stringify(versionMeshObjects(service, revision, mesh)) } : {}),
      // outside of the revision
      ...(service.scaling ? { scaling: JSON.stringify(versionScaler(service, revision)) } : {}),
      ...(token ? { pullToken: JSON.stringify(token.objects) } : {}),
    };
  },
  async lost(inputs, outputs, context) {
    const cluster = await context.clients.cluster(context.signal);
    const service = await loadService(context.folder, context.environment);
    const { deployment: name = '', namespace = '' } = outputs;
    const { engineImage, getWorkload } = context.clients.kubernetes;
    const deployment = await getWorkload(cluster, { name, namespace });
    if (!deployment) return `the deployment ${namespace}/${name} is gone`;
    const image = engineImage(deployment);
    if (image !== inputs.image) return `the deployment ${namespace}/${name} runs ${image}`;
    if (!context.clients.kubernetes.isReady(deployment)) return `the deployment ${namespace}/${name} is not ready`;
    if (sleeps(service)) return 'the version could go to sleep before its release, unless its pods are held';
    if (deployment.spec?.replicas === 0) return `the deployment ${namespace}/${name} has no pods`;
    const before = await versions(cluster, namespace, service.name);
    const { revision = '' } = outputs;
    const serving = servingRevision(before, revision);
    return serving && missingPods(service, before, { serving, revision });
  },
  async render(inputs, context) {
    const service = await loadService(context.folder, context.environment);
    const cluster = await context.clients.cluster(context.signal);
    return render(service, inputs, cluster, await versions(cluster, service.namespace, service.name));
  },
  async run(inputs, context) {
    const service = await loadService(context.folder, context.environment);
    const { revision } = candidate(service, inputs);
    const open = await context.clients.cluster(context.signal);
    const absent = (await missingKind(open, service)) ?? (await missingPullToken(open, service, inputs.image));
    if (absent) throw new ConfigurationError(absent);
    const { apply } = service;
    const { kubernetes } = context.clients;
    const { requirePermissions } = kubernetes;
    if (apply) await requirePermissions(open, reading(service));
    else {
      const { namespace } = service;
      await requirePermissions(open, kubernetes.permissions(['get'], '', ['namespaces'], namespace));
      const standing = await open.get({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      await requirePermissions(open, needed(service, inputs.image, standing));
    }
    const before = await versions(open, service.namespace, service.name);
    if (apply) {
      const outputs = await outputsOf(service, inputs, open, before, service.resources.replicas);
      const rendered = await render(service, inputs, open, before);
      const serving = servingRevision(before, outputs.revision) === outputs.revision;
      const token = inputs['gitops-token'];
      return deployByFolder({ ...service, apply }, rendered, { ...outputs, serving }, open, context, token);
    }
    const serving = servingRevision(before, revision);
    if (!serving || !(replacesPods(service) || missingPods(service, before, { serving, revision })))
      return roll(service, inputs, context, open, undefined);

    // it takes pods from the version that serves, which no release may move at the same time
    const holder = deliveryHolder(context.record.id);
    const result = await holdTraffic(open, service, { holder, signal: context.signal }, hold =>
      roll(service, inputs, { ...context, signal: hold.signal }, open.withSignal(hold.signal), { serving, hold }),
    );
    if (result instanceof TrafficTaken)
      return {
        verdict: 'fail',
        reason: reasonOf(lacksRoom(service) ? 'deploy.noRoom' : 'deploy.usersAtOnce', { taken: result.coded }),
        outputs: {},
        evidence: [],
      };
    return result;
  },
});

interface RunInputs extends MembershipInputs {
  readonly image: string;
  readonly context: string;
  readonly environment: string;
  readonly 'activator-image'?: string;
  readonly 'registry-username'?: string;
  readonly 'registry-password'?: string;
}

/** @param making the version that must make room; undefined where there is room for all */
async function roll(
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
  if (watched.ready) {
    const evidence = await podsOf(context, watched.pods);
    const { replicas } = service.resources;
    const some = { version: name, pods: podCount(running) };
    const ready =
      pods < replicas
        ? reasonOf('deploy.readyInPart', { ...some, replicas, serving: serving ?? '' })
        : reasonOf('deploy.ready', some);
    return {
      verdict: 'pass',
      reason: listOf('list.then', [ready, ...asleep(service, outputs['cold-start'])]),
      outputs,
      evidence: [objects, evidence],
    };
  }
  const removed = await undo(cluster);
  return {
    verdict: 'fail',
    reason: notReady(name, watched, [
      reasonOf(removed.length > 0 ? 'deploy.removed' : 'deploy.left'),
      previous ? reasonOf('deploy.goesOn', { revision: previous }) : reasonOf('deploy.first'),
    ]),
    outputs: {},
    ...(await diagnosisOf(context, watched, removed, [objects])),
  };
}

/** What a later stage must know of a version that is ready. */
async function outputsOf(
  service: Service,
  inputs: RunInputs,
  cluster: Cluster,
  before: readonly Deployment[],
  pods: number,
) {
  const { revision } = candidate(service, inputs);
  return {
    revision,
    deployment: versionName(service.name, revision),
    namespace: service.namespace,
    environment: inputs.environment,
    // absent where it may not be read
    cluster: await clusterUid(cluster),
    previous: previousRevision(before, revision) ?? '',
    pods: String(pods),
  };
}

/** The objects of a version as files, and which versions stay beside it. */
async function render(
  service: Service,
  inputs: RunInputs,
  cluster: Cluster,
  before: readonly Deployment[],
): Promise<Rendering> {
  const namespace = await cluster.get({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: service.namespace } });
  const { revision, shared, version, owned } = objectsOf(service, inputs, namespace, service.resources.replicas);
  const serving = servingRevision(before, revision);
  const all = [...shared, ...version, ...owned];
  return {
    objects: all.filter(({ kind }) => kind !== 'Secret'),
    outputs: { revision },
    versions: [revision, ...(serving && serving !== revision ? [serving] : [])],
    notes: all
      .filter(({ kind }) => kind === 'Secret')
      .map(
        ({ metadata }) =>
          `The Secret ${metadata.namespace}/${metadata.name} with which nodes pull the image is not among the files, because it holds a password: name one that is there by workload.pullSecrets, or have a token renewed by workload.pullToken, and give no registry-username.`,
      ),
  };
}

/** The version that users are meant to have: the one released last, also when it is delivered again; else the newest that is ready. */
function servingRevision(before: readonly Deployment[], revision: string): string | undefined {
  return releasedRevisions(before)[0] ?? previousRevision(before, revision);
}

function candidate(service: Service, inputs: Pick<RunInputs, 'image' | 'registry-username' | keyof MembershipInputs>) {
  const profile = engineProfile(service.engine.name);
  const mesh = membership(service, inputs);
  // its name has the revision, which does not depend on it
  const token = pullToken(service, inputs.image, '');
  const username = token ? undefined : inputs['registry-username'];
  const spec = podSpec(service, profile, inputs.image, username ? pullSecretName(service) : undefined);
  const { digest } = parseReference(inputs.image);
  const { kind, nodes, queue, patches } = service.workload;
  const devices = claimedDevices(service);
  const pods = {
    ...spec,
    // versions of a Deployment are named as before there were other kinds
    ...(kind === 'Deployment' ? {} : { kind, nodes }),
    ...(mesh ? { ...injectionLabels(mesh), ...injectionAnnotations(mesh) } : {}),
    ...(queue ? { queue } : {}),
    ...(devices ? { devices } : {}),
    ...(token ? { pullToken: true } : {}),
    ...(patches.length > 0 ? { patches } : {}),
  };
  return { profile, spec, mesh, revision: revisionOf(digest, pods, service.scaling ? 0 : service.resources.replicas) };
}

/**
 * All objects of a version: `shared` with the other versions, its own, and what its workload owns: what its pods claim their devices by, what
 * renews their pull secret, those of the mesh, and its scaler.
 * @param namespace as it is in the cluster
 * @param pods that it has at first
 */
function objectsOf(
  service: Service,
  inputs: RunInputs,
  namespace: KubernetesObject | undefined,
  pods: number,
): {
  readonly revision: string;
  readonly shared: readonly KubernetesObject[];
  readonly version: readonly KubernetesObject[];
  readonly owned: readonly KubernetesObject[];
} {
  const { spec, revision, profile, mesh } = candidate(service, inputs);
  const { registry } = parseReference(inputs.image);
  const token = pullToken(service, inputs.image, revision);
  const pulling = token ? { ...spec, ...imagePullSecrets(service, token.secret) } : spec;
  const username = inputs['registry-username'];
  const password = inputs['registry-password'];
  return {
    revision,
    shared: [
      namespaceObject(service, namespace),
      ...(service.workload.serviceAccount ? [] : [serviceAccount(service)]),
      ...(!token && username && password ? [pullSecret(service, registry, username, password)] : []),
    ],
    version: versionObjects(service, profile, revision, pulling, service.scaling ? undefined : pods, mesh),
    owned: [
      ...claimTemplate(service, revision),
      ...(token?.objects ?? []),
      ...(mesh ? versionMeshObjects(service, revision, mesh) : []),
      ...versionActivator(service, revision, inputs['activator-image']),
      ...versionScaler(service, revision),
    ],
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
        'removing what was begun',
        undefined,
        `${left.message} It was begun because of this: ${(error as Error).message}`,
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
