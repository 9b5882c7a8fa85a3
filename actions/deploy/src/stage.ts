import { ConfigurationError, loadService, sleeps } from '@fairway/service';
import type { Service } from '@fairway/service';
import { english, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { lacksRoom, replacesPods } from '@fairway/service/release-pods';
import { defineStage } from '@fairway/stage';
import type { Rendering } from '@fairway/stage';
import { activatorInputs, clusterInputs, gitopsInputs, meshInputs, weightsInputs } from '@fairway/stage/cluster-inputs';
import type { Cluster, Deployment } from '@fairway/clients/kubernetes/index';
import { deployByFolder } from './by-folder.ts';
import { needed, reading } from './permissions.ts';
import { deliveryHolder, holdTraffic, TrafficTaken } from '@fairway/targets/gateway/traffic-lease';
import { versionMeshObjects } from '@fairway/targets/mesh/istio/objects';
import { ofOthers } from '@fairway/targets/workload/of-others';
import { missingPods } from '@fairway/targets/workload/pods';
import { missingKind } from '@fairway/targets/workload/presence';
import { missingPullToken, pullToken } from '@fairway/targets/workload/pull-token';
import { versionScaler } from '@fairway/targets/workload/scaler';
import { versions } from '@fairway/targets/workload/versions';
import { roll } from './roll.ts';
import type { Clients } from './roll.ts';
import { candidate, objectsOf, outputsOf, servingRevision } from './version.ts';
import type { RunInputs } from './version.ts';

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
    ...weightsInputs,
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
    'cold-first-token': {
      description:
        'Seconds from the begin of the pull to the first token, of the slowest pod; absent where the nodes had the image and it was not measured before.',
    },
    'cold-image': { description: 'Image with which that was measured.' },
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
      ...(service.image.maxColdSeconds ? { coldBudget: String(service.image.maxColdSeconds) } : {}),
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
    const others = await ofOthers(open, service, revision);
    if (others.missing) throw new ConfigurationError(others.missing);
    if (others.unknown) context.log.warning(english(others.unknown));
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
