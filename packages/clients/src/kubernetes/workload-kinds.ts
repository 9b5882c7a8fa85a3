import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import type { KubernetesObject, ObjectMeta } from './objects.ts';
import type { Deployment } from './workload.ts';

/** A kind of object that runs the pods of a version. */
export interface WorkloadKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** API group, as permissions name it. */
  readonly group: string;
  /** Plural. */
  readonly resource: string;
  /** What brings the kind into a cluster; absent for what every cluster has. */
  readonly project?: string;
}

const deployments: WorkloadKind = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  group: 'apps',
  resource: 'deployments',
};

/** All of them; a Deployment is the first. */
export const workloadKinds: readonly WorkloadKind[] = [
  deployments,
  {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    group: 'argoproj.io',
    resource: 'rollouts',
    project: 'Argo Rollouts (https://argo-rollouts.readthedocs.io)',
  },
  {
    apiVersion: 'leaderworkerset.x-k8s.io/v1',
    kind: 'LeaderWorkerSet',
    group: 'leaderworkerset.x-k8s.io',
    resource: 'leaderworkersets',
    project: 'LeaderWorkerSet (https://lws.sigs.k8s.io)',
  },
  {
    apiVersion: 'serving.kserve.io/v1alpha2',
    kind: 'LLMInferenceService',
    group: 'serving.kserve.io',
    resource: 'llminferenceservices',
    project: 'KServe 0.20 or newer (https://kserve.github.io/website)',
  },
];

/** @throws Error for a kind that is none of them */
export function workloadKind(kind: string): WorkloadKind {
  const found = workloadKinds.find(one => one.kind === kind);
  if (!found) throw new Error(`${kind} runs no pods of a version`);
  return found;
}

/** Whether an object is a part of another workload: an LLMInferenceService gives the labels of its pods to the Deployment that runs them, too. */
export function isPartOfWorkload({ metadata }: KubernetesObject): boolean {
  return metadata.ownerReferences?.some(({ kind }) => workloadKinds.some(one => one.kind === kind)) ?? false;
}

/** The workload of a name, of whichever kind it is; undefined where there is none. */
export async function getWorkload(
  cluster: Cluster,
  metadata: Pick<ObjectMeta, 'name' | 'namespace'>,
): Promise<Deployment | undefined> {
  for (const { apiVersion, kind } of workloadKinds) {
    const found = await unlessHidden(kind, () => cluster.get<Deployment>({ apiVersion, kind, metadata }), undefined);
    if (found) return found;
  }
  return undefined;
}

/** The workloads with these labels, of every kind that the cluster serves. */
export async function listWorkloads(
  cluster: Cluster,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Promise<readonly Deployment[]> {
  const found: Deployment[] = [];
  for (const { apiVersion, kind } of workloadKinds)
    if (await cluster.serves(apiVersion, kind))
      found.push(
        ...(await unlessHidden(kind, () => cluster.list<Deployment>(apiVersion, kind, namespace, labels), [])),
      );
  return found.filter(one => !isPartOfWorkload(one));
}

/** A login that may not look at a kind beside Deployments has made none of it: most clusters serve kinds that a service does not use. */
async function unlessHidden<T>(kind: string, look: () => Promise<T>, none: T): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (kind !== deployments.kind && error instanceof ToolError && error.status === 403) return none;
    throw error;
  }
}
