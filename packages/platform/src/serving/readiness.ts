import { ToolError } from '@fairway/clients/tool-error';
import { diagnose, watchRollout } from '@fairway/clients/kubernetes/index';
import type {
  Cluster,
  ClusterEvent,
  Condition,
  Deployment,
  KubernetesObject,
  Pod,
} from '@fairway/clients/kubernetes/index';
import { until } from './until.ts';

interface Conditioned extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface PolicyStatus extends KubernetesObject {
  readonly status?: { readonly ancestors?: readonly { readonly conditions?: readonly Condition[] }[] };
}

/** @throws ToolError with the cause and the last lines of the container that fails */
export async function deploymentReady(
  cluster: Cluster,
  namespace: string,
  deployment: string,
  podLabels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const hash = await newestTemplate(cluster, namespace, deployment, podLabels, signal);
  const result = await watchRollout(cluster, {
    namespace,
    deployment,
    // pods of an older template that failed must not be taken for the new ones
    podLabels: { ...podLabels, [templateLabel]: hash },
    // all parts start at once, on a machine that may have other work
    limits: { scheduling: 180, pulling: 180, loading: 180 },
    signal,
  });
  if (result.ready) return;
  throw new ToolError(
    'kubernetes',
    `rollout of ${namespace}/${deployment}`,
    undefined,
    [result.cause, result.logs].filter(Boolean).join('\n'),
  );
}

interface DaemonSet extends KubernetesObject {
  readonly status?: {
    readonly observedGeneration?: number;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberReady?: number;
  };
}

/** Waits until every node has a ready pod of the newest template. */
export async function daemonSetReady(
  cluster: Cluster,
  namespace: string,
  name: string,
  podLabels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const reference = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { namespace, name } };
  await until(
    `a ready pod of ${namespace}/${name} on every node`,
    90_000,
    signal,
    async () => {
      const set = await cluster.get<DaemonSet>(reference);
      const {
        observedGeneration = 0,
        desiredNumberScheduled = 0,
        updatedNumberScheduled = 0,
        numberReady = 0,
      } = set?.status ?? {};
      if (observedGeneration < (set?.metadata.generation ?? 1) || desiredNumberScheduled === 0)
        return 'the controller has not looked at it';
      const least = Math.min(updatedNumberScheduled, numberReady);
      return least >= desiredNumberScheduled || `${least} of ${desiredNumberScheduled} are ready`;
    },
    () => podTroubles(cluster, namespace, podLabels),
  );
}

const templateLabel = 'pod-template-hash';
const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** The label by which the pods of the deployment's present template are told from those of earlier ones. */
async function newestTemplate(
  cluster: Cluster,
  namespace: string,
  name: string,
  podLabels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  const reference = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name } };
  let hash: string | undefined;
  await until(`the controller to take up ${namespace}/${name}`, 30_000, signal, async () => {
    const deployment = await cluster.get<Deployment>(reference);
    if (Number(deployment?.status?.observedGeneration ?? 0) < (deployment?.metadata.generation ?? 1))
      return 'it has not looked at it';
    const sets = await cluster.list('apps/v1', 'ReplicaSet', namespace, podLabels);
    const revision = deployment?.metadata.annotations?.[revisionAnnotation];
    const newest = sets.find(({ metadata }) => revision && metadata.annotations?.[revisionAnnotation] === revision);
    hash = newest?.metadata.labels?.[templateLabel];
    return hash !== undefined || 'it has made no replica set';
  });
  return hash ?? '';
}

/** Waits for a Job; one that failed ends the wait at once. */
export async function jobComplete(
  cluster: Cluster,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const reference = { apiVersion: 'batch/v1', kind: 'Job', metadata: { namespace, name } };
  const explain = () => podTroubles(cluster, namespace, { 'job-name': name });
  await until(
    `the job ${namespace}/${name}`,
    90_000,
    signal,
    async () => {
      const conditions = (await cluster.get<Conditioned>(reference))?.status?.conditions ?? [];
      if (isTrue(conditions, 'Complete')) return true;
      const failed = conditions.find(({ type, status }) => type === 'Failed' && status === 'True');
      if (failed)
        throw new ToolError(
          'kubernetes',
          `job ${namespace}/${name}`,
          failed.reason,
          `${failed.message ?? ''} ${await explain()}`,
        );
      return 'it has not completed';
    },
    explain,
  );
}

/** Waits until the Gateway of this name is programmed in an Envoy that is ready. */
export async function gatewayProgrammed(
  cluster: Cluster,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const reference = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { namespace, name } };
  const labels = {
    'gateway.envoyproxy.io/owning-gateway-namespace': namespace,
    'gateway.envoyproxy.io/owning-gateway-name': name,
  };
  await until(
    `the gateway ${namespace}/${name} to be programmed`,
    120_000,
    signal,
    async () => {
      const gateway = await cluster.get<Conditioned>(reference);
      const conditions = (gateway?.status?.conditions ?? []).filter(
        ({ observedGeneration }) => observedGeneration === gateway?.metadata.generation,
      );
      if (isTrue(conditions, 'Programmed')) return true;
      return unmet(conditions) || 'Envoy Gateway has not looked at it';
    },
    () => podTroubles(cluster, 'envoy-gateway-system', labels),
  );
}

/** Waits until Envoy Gateway has accepted the policies; one that it refuses ends the wait with its own words. */
export async function policiesAccepted(
  cluster: Cluster,
  policies: readonly KubernetesObject[],
  signal: AbortSignal,
): Promise<void> {
  for (const policy of policies) {
    const named = `${policy.kind} ${policy.metadata.namespace}/${policy.metadata.name}`;
    await until(`the ${named} to be accepted`, 30_000, signal, async () => {
      const ancestors = (await cluster.get<PolicyStatus>(policy))?.status?.ancestors ?? [];
      const conditions = ancestors.flatMap(ancestor => ancestor.conditions ?? []);
      const wanted = policy.kind === 'EnvoyPatchPolicy' ? 'Programmed' : 'Accepted';
      return isTrue(conditions, wanted) || unmet(conditions) || 'Envoy Gateway has not looked at it';
    });
  }
}

/** Why the pods with these labels are not ready, and the last events of their namespace. */
async function podTroubles(
  cluster: Cluster,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Promise<string> {
  const pods = await cluster.list<Pod>('v1', 'Pod', namespace, labels);
  const events = await cluster.list<ClusterEvent>('v1', 'Event', namespace);
  const deployment: Deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: '' } };
  const cause = diagnose({ deployment, pods, events })?.cause ?? `${pods.length} pods, none with a known fault.`;
  const warnings = events.filter(({ type }) => type === 'Warning').slice(-3);
  return [cause, ...warnings.map(({ reason, message }) => `${reason}: ${message}`)].join('\n');
}

function isTrue(conditions: readonly Condition[], wanted: string): boolean {
  return conditions.some(({ type, status }) => type === wanted && status === 'True');
}

function unmet(conditions: readonly Condition[]): string {
  return conditions
    .filter(({ status }) => status === 'False')
    .map(({ type, reason, message }) => `${type} is false (${reason}: ${message})`)
    .join('; ');
}
