import { engineProfile } from '@fairway/engines';
import type { Service } from '@fairway/service';
import type { Cluster, Deployment, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { versionName } from '@fairway/clients/kubernetes/names';
import { clusterUid } from '@fairway/clients/kubernetes/cluster-uid';
import { parseReference } from './image-reference.ts';
import { namespaceObject, podSpec, pullSecret, pullSecretName, serviceAccount, versionObjects } from './objects.ts';
import { revisionOf } from './revision.ts';
import { membership } from '@fairway/targets/mesh/istio/identity';
import type { MembershipInputs } from '@fairway/targets/mesh/istio/identity';
import { versionMeshObjects } from '@fairway/targets/mesh/istio/objects';
import { injectionAnnotations, injectionLabels } from '@fairway/targets/mesh/istio/pods';
import { versionActivator } from '@fairway/targets/workload/activator';
import { claimedDevices, claimTemplate } from '@fairway/targets/workload/claims';
import { releasedRevisions } from '@fairway/clients/kubernetes/released';
import { pullToken } from '@fairway/targets/workload/pull-token';
import { versionScaler } from '@fairway/targets/workload/scaler';
import { previousRevision } from '@fairway/targets/workload/versions';

export interface RunInputs extends MembershipInputs {
  readonly image: string;
  readonly context: string;
  readonly environment: string;
  readonly 'activator-image'?: string;
  readonly 'weights-image'?: string;
  readonly 'registry-username'?: string;
  readonly 'registry-password'?: string;
}

export function candidate(
  service: Service,
  inputs: Pick<RunInputs, 'image' | 'registry-username' | 'weights-image' | keyof MembershipInputs>,
) {
  const profile = engineProfile(service.engine.name);
  const mesh = membership(service, inputs);
  const isRenewed = pullToken(service, inputs.image, '') !== undefined;
  const username = isRenewed ? undefined : inputs['registry-username'];
  const specWith = (secret: string | undefined) =>
    podSpec(service, profile, inputs.image, secret, mesh, inputs['weights-image']);
  // the name of a secret that is renewed has the revision, which does not depend on it
  const spec = specWith(username ? pullSecretName(service) : undefined);
  const { digest } = parseReference(inputs.image);
  const { kind, nodes, queue, patches } = service.workload;
  const devices = claimedDevices(service);
  const pods = {
    ...spec,
    // versions of a Deployment are named as before there were other kinds
    ...(kind === 'Deployment' ? {} : { kind, nodes }),
    ...(mesh ? { ...injectionLabels(mesh), ...injectionAnnotations(mesh) } : {}),
    // an older Fairway put the queue on the pods of a group too, and what serves must not start anew for that
    ...(queue ? { [kind === 'LeaderWorkerSet' ? 'groupQueue' : 'queue']: queue } : {}),
    ...(devices ? { devices } : {}),
    ...(isRenewed ? { pullToken: true } : {}),
    ...(patches.length > 0 ? { patches } : {}),
    // two scalers of one version would undo each other
    ...(service.scaling?.by === 'hpa' ? { scaler: 'hpa' } : {}),
  };
  const revision = revisionOf(digest, pods, service.scaling ? 0 : service.resources.replicas);
  const token = pullToken(service, inputs.image, revision);
  return { profile, spec: token ? specWith(token.secret) : spec, mesh, revision, token };
}

/**
 * All objects of a version: `shared` with the other versions, its own, and what its workload owns: what its pods claim their devices by, what
 * renews their pull secret, those of the mesh, and its scaler.
 * @param namespace as it is in the cluster
 * @param pods that it has at first
 */
export function objectsOf(
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
  const { spec, revision, profile, mesh, token } = candidate(service, inputs);
  const { registry } = parseReference(inputs.image);
  const username = inputs['registry-username'];
  const password = inputs['registry-password'];
  return {
    revision,
    shared: [
      namespaceObject(service, namespace),
      ...(service.workload.serviceAccount ? [] : [serviceAccount(service)]),
      ...(!token && username && password ? [pullSecret(service, registry, username, password)] : []),
    ],
    version: versionObjects(service, profile, revision, spec, service.scaling ? undefined : pods, mesh),
    owned: [
      ...claimTemplate(service, revision),
      ...(token?.objects ?? []),
      ...(mesh ? versionMeshObjects(service, revision, mesh) : []),
      ...versionActivator(service, revision, inputs['activator-image']),
      ...versionScaler(service, revision),
    ],
  };
}

/** What a later stage must know of a version that is ready. */
export async function outputsOf(
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

/** The version that users are meant to have: the one released last, also when it is delivered again; else the newest that is ready. */
export function servingRevision(before: readonly Deployment[], revision: string): string | undefined {
  return releasedRevisions(before)[0] ?? previousRevision(before, revision);
}
