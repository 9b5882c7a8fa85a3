import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import { isAppliedByFairway } from '@fairway/clients/kubernetes/owner';
import type { KubernetesObject, ObjectReference } from '@fairway/clients/kubernetes/objects';
import type { Deployment } from '@fairway/clients/kubernetes/workload';
import { getWorkload } from '@fairway/clients/kubernetes/workload-kinds';

interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * A clock in the cluster: a Job whose only pod is never scheduled, ended by its deadline and then removed together with
 * what it owns. A version that it owns goes by itself, even when no runner and no portal is there to remove it, and
 * nothing in the cluster needs a permission for that.
 */
export function keepTimer({ namespace, name }: ServiceName, revision: string, seconds: number): KubernetesObject {
  const labels = revisionLabels(name, revision);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: timerName(name, revision), namespace, labels },
    spec: {
      activeDeadlineSeconds: seconds,
      ttlSecondsAfterFinished: 0,
      backoffLimit: 0,
      template: {
        // the pods of the version are selected by its labels: this one must not be among them
        metadata: { labels: { 'fairway.dev/keeps': revision } },
        spec: {
          schedulingGates: [{ name: 'fairway.dev/keep' }],
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: 'never-runs',
              image: 'registry.k8s.io/pause:3.10',
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              resources: { requests: { cpu: '0', memory: '0' }, limits: { cpu: '1m', memory: '1Mi' } },
            },
          ],
        },
      },
    },
  };
}

/** Whether a version is there for a while only. */
export function isKept(deployment: Deployment): boolean {
  return deployment.metadata.ownerReferences?.some(owner => owner.kind === 'Job') ?? false;
}

/**
 * Lets a version go by itself after a time. Its Service stays until the next release, since the route names it with a weight of 0 and would be
 * broken without it. A version that somebody else applies stays: it would come back.
 */
export async function keepFor(
  cluster: Cluster,
  service: ServiceName,
  revision: string,
  seconds: number,
): Promise<void> {
  const metadata = versionMetadata(service, revision);
  const deployment = await getWorkload(cluster, metadata);
  if (!deployment || !isAppliedByFairway(deployment)) return;
  const [applied] = await applyObjects(cluster, [keepTimer(service, revision, seconds)]);
  const { name, uid } = applied!.object.metadata;
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name, uid };
  for (const object of [budget(metadata), deployment]) await setOwners(cluster, object, [owner]);
}

/** Takes a version out of its timer: it stays. */
export async function keepForGood(cluster: Cluster, service: ServiceName, revision: string): Promise<void> {
  const metadata = versionMetadata(service, revision);
  const deployment = await getWorkload(cluster, metadata);
  for (const object of [...(deployment ? [deployment] : []), budget(metadata)]) await setOwners(cluster, object, null);
  await endTimer(cluster, service, revision);
}

/** Ends the time for which a version is kept; what its timer owns goes with it. */
export async function endTimer(cluster: Cluster, { namespace, name }: ServiceName, revision: string): Promise<void> {
  await cluster.remove({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { namespace, name: timerName(name, revision) },
  });
}

function timerName(name: string, revision: string): string {
  return `${versionName(name, revision)}-keep`;
}

function versionMetadata({ namespace, name }: ServiceName, revision: string) {
  return { namespace, name: versionName(name, revision) };
}

function budget(metadata: ObjectReference['metadata']): ObjectReference {
  return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata };
}

async function setOwners(cluster: Cluster, object: ObjectReference, owners: readonly object[] | null): Promise<void> {
  const found = await cluster.get(object);
  if (!found || (owners === null && !found.metadata.ownerReferences)) return;
  await cluster.request('PATCH', await cluster.path(object), {
    query: { fieldManager: 'fairway-keep' },
    body: { metadata: { ownerReferences: owners } },
    contentType: 'application/merge-patch+json',
  });
}
