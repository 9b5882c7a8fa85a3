import { modelFolder } from '@fairway/engines';
import type { Service } from '@fairway/service';
import { mostPods } from '@fairway/service/release-pods';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ifAllowed } from '@fairway/clients/if-allowed';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import {
  notesOnVolume,
  pulledAdapters,
  pulledFolder,
  pullingContainer,
  pullsItself,
  verifiesVolume,
} from './puller.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a pod has for a model that its image does not hold; empty for one that it does. */
export interface WeightsInPod {
  readonly volumes: readonly Fields[];
  readonly mounts: readonly Fields[];
  readonly environment: readonly Fields[];
  /** Containers that run before the engine. */
  readonly before?: readonly Fields[];
  /** Of the whole pod. */
  readonly securityContext?: Fields;
}

/** Where engines that load from the hub put what they download. */
export const downloads = '/downloads';

/**
 * What a pod has for its model, and for adapters that lie in repositories of their own.
 * @param secrets pull secrets of the pod
 * @param puller image of services/weights
 */
export function weightsInPod(service: Service, secrets: readonly string[], puller?: string): WeightsInPod {
  const model = modelInPod(service, secrets, puller);
  const adapters = pulledAdapters(service, puller);
  const before = [...(model.before ?? []), ...adapters.before];
  return {
    ...model,
    volumes: [...model.volumes, ...adapters.volumes],
    mounts: [...model.mounts, ...adapters.mounts],
    ...(before.length > 0 ? { before } : {}),
  };
}

function modelInPod(service: Service, secrets: readonly string[], puller: string | undefined): WeightsInPod {
  const { weights } = service.model;
  if (!weights) return { volumes: [], mounts: [], environment: [] };
  const { from, claim, image, folder, secret } = weights;
  const name = 'model';
  if (from === 'hub') {
    const token = { valueFrom: { secretKeyRef: { name: secret, key: 'HF_TOKEN' } } };
    return {
      volumes: [
        { name, ...(claim === undefined ? { emptyDir: {} } : { persistentVolumeClaim: { claimName: claim } }) },
      ],
      mounts: [{ name, mountPath: downloads }],
      environment: [
        { name: 'HF_HOME', value: downloads },
        ...(secret === undefined ? [] : [{ name: 'HF_TOKEN', ...token }]),
      ],
    };
  }
  if (pullsItself(service)) {
    const { container, volumes } = pullingContainer(service, { volume: name, secrets, puller });
    return {
      volumes: [
        { name, ...(claim === undefined ? { emptyDir: {} } : { persistentVolumeClaim: { claimName: claim } }) },
        ...volumes,
      ],
      mounts: [{ name, mountPath: modelFolder(service), readOnly: true, subPath: pulledFolder(service.model) }],
      environment: [],
      before: [container],
      // a new volume of most storage belongs to root alone; the model is read by every user
      ...(claim === undefined ? {} : { securityContext: { fsGroup: 65532, fsGroupChangePolicy: 'OnRootMismatch' } }),
    };
  }
  const source =
    from === 'artifact'
      ? { image: { reference: image, pullPolicy: 'IfNotPresent' } }
      : // the engine's mount is read-only all the same
        { persistentVolumeClaim: { claimName: claim, ...(notesOnVolume(service) ? {} : { readOnly: true }) } };
  const inside = folder === undefined ? {} : { subPath: folder };
  return {
    volumes: [{ name, ...source }],
    mounts: [{ name, mountPath: modelFolder(service), readOnly: true, ...inside }],
    environment: [],
    ...(verifiesVolume(service)
      ? { before: [pullingContainer(service, { volume: name, secrets: [], puller }).container] }
      : {}),
  };
}

export interface WeightsAnswer {
  /** Why pods would not get the model, as a paragraph. */
  readonly missing?: Reason;
  /** Why they might not, or why nobody knows, as a paragraph. */
  readonly unknown?: string;
}

interface Claim extends KubernetesObject {
  readonly spec?: { readonly accessModes?: readonly string[] };
  readonly status?: { readonly phase?: string };
}

/** The first minor version of Kubernetes 1 that mounts images as volumes and folders of them, and the first that does so unless it is switched off. */
const imageVolumes = { since: 33, byDefault: 35 };

/**
 * Whether a cluster has what `model.weights` and adapters of the hub name, or for a model in the image of an LLMInferenceService, which mounts it, can
 * do that.
 */
export async function weightsInCluster(cluster: Cluster, service: Service): Promise<WeightsAnswer> {
  const { weights, adapters = [] } = service.model;
  const { from, claim, secret, bucket } = weights ?? {};
  const mounts = from === undefined ? isByKserve(service) : from === 'artifact' && !pullsItself(service);
  const answer = mounts
    ? await imageVolumesOf(cluster, service)
    : claim === undefined
      ? {}
      : await claimOf(cluster, service, claim);
  if (answer.missing !== undefined) return answer;
  const token = "the hub's token under the key HF_TOKEN";
  const absent = [
    await absentSecret(
      cluster,
      service,
      secret,
      'model.weights.secret',
      bucket === undefined ? token : 'the keys AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    ),
  ];
  for (const [at, adapter] of adapters.entries())
    absent.push(await absentSecret(cluster, service, adapter.secret, `model.adapters[${at}].secret`, token));
  const unknown = [answer.unknown, ...absent].filter(Boolean).join(' ');
  return unknown === '' ? {} : { unknown };
}

function isByKserve({ workload }: Service): boolean {
  return workload.kind === 'LLMInferenceService';
}

/** What is said of a Secret that is not there; undefined for one that is, or that this login may not look at. */
async function absentSecret(
  cluster: Cluster,
  { namespace }: Service,
  name: string | undefined,
  field: string,
  content: string,
): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const reference = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } };
  if ((await ifAllowed(cluster.get(reference).then(Boolean))) !== false) return undefined;
  return `The namespace ${namespace} has no Secret ${name} yet (${field}). Pods wait until it is there, with ${content}.`;
}

async function claimOf(cluster: Cluster, service: Service, claim: string): Promise<WeightsAnswer> {
  const { namespace, resources } = service;
  const claims = await ifAllowed(cluster.list<Claim>('v1', 'PersistentVolumeClaim', namespace));
  if (!claims)
    return {
      unknown: `Whether the namespace ${namespace} has the PersistentVolumeClaim ${claim} is not known: this login may not list claims there.`,
    };
  const found = claims.find(({ metadata }) => metadata.name === claim);
  if (!found)
    return {
      missing:
        claims.length > 0
          ? reasonOf('weights.otherClaims', {
              ...{ namespace, claim, others: claims.map(({ metadata }) => metadata.name).join(', ') },
            })
          : reasonOf('weights.noClaim', { namespace, claim }),
    };
  if (found.status?.phase === 'Lost') return { missing: reasonOf('weights.lost', { namespace, claim }) };
  const modes = found.spec?.accessModes ?? [];
  const pods = mostPods(service, resources.replicas);
  if (modes.includes('ReadWriteOncePod')) return { missing: reasonOf('weights.onePod', { claim, pods }) };
  if (pullsItself(service) && modes.every(mode => mode === 'ReadOnlyMany'))
    return { missing: reasonOf('weights.readOnly', { claim, modes: modes.join(', ') }) };
  if (notesOnVolume(service) && modes.every(mode => mode === 'ReadOnlyMany'))
    return { missing: reasonOf('weights.noNote', { claim, modes: modes.join(', ') }) };
  if (modes.some(mode => mode.endsWith('Many'))) return {};
  return {
    unknown: `The PersistentVolumeClaim ${claim} can be used on one node at a time (${modes.join(', ')}), and ${pods} pods need it during a release: all of them must have room on that node. ReadOnlyMany or ReadWriteMany has no such limit.`,
  };
}

async function imageVolumesOf(cluster: Cluster, { model }: Service): Promise<WeightsAnswer> {
  const { minor } = await cluster.request<{ minor: string }>('GET', '/version');
  const version = Number.parseInt(minor, 10);
  if (version < imageVolumes.since)
    return {
      missing: reasonOf(model.weights ? 'weights.noImageVolume' : 'weights.noImageVolumeForKserve', {
        ...{ minor: version, since: imageVolumes.since },
      }),
    };
  if (version >= imageVolumes.byDefault) return {};
  return {
    unknown: `The cluster is Kubernetes 1.${version}, which mounts images as volumes only with the feature gate ImageVolume. Where it is off, \`deploy\` fails${model.weights ? ': set model.weights.pull to init then, and each pod pulls the image itself' : ''}.`,
  };
}
