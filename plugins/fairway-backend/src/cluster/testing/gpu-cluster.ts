import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { Taint } from '@fairway/service';
import type { FitCluster } from '../fit.ts';
import { countPools } from '../gpu-pools.ts';
import type { CountedPool } from '../gpu-pools.ts';
import { GpuUse } from '../gpu-use.ts';
import { keepClaim, keepSlice } from '../watched-claims.ts';
import { nodeRoom } from '../node-room.ts';
import { keepNode } from '../watched-node.ts';
import { keepPod } from '../watched-pod.ts';
import { queueKinds, WatchedQueues } from '../watched-queues.ts';
import type { QueueWatches } from '../watched-queues.ts';
import { keepLimits } from '../watched-limits.ts';
import { keepQuota } from '../watched-quota.ts';

/** A Node as the API server would give it. */
export function gpuNode(
  name: string,
  devices: Readonly<Record<string, number>>,
  more: {
    product?: string;
    ready?: boolean;
    cordoned?: boolean;
    labels?: Record<string, string>;
    taints?: readonly Taint[];
    memory?: string;
  } = {},
): KubernetesObject {
  const counts = Object.fromEntries(Object.entries(devices).map(([resource, count]) => [resource, String(count)]));
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { ...(more.product ? { 'nvidia.com/gpu.product': more.product } : {}), ...more.labels } },
    spec: { unschedulable: more.cordoned, taints: more.taints },
    status: {
      capacity: counts,
      allocatable: { cpu: '64', memory: more.memory ?? '512Gi', ...counts },
      conditions: [{ type: 'Ready', status: more.ready === false ? 'False' : 'True' }],
    },
  };
}

/** A pod that holds GPUs of a node, or waits for them when it has none. */
export function gpuPod(
  name: string,
  node: string | undefined,
  count: number,
  more: {
    resource?: string;
    product?: string;
    phase?: string;
    message?: string;
    claim?: string;
    requests?: Record<string, string>;
  } = {},
): KubernetesObject {
  const limits = count > 0 ? { [more.resource ?? 'nvidia.com/gpu']: String(count) } : {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'models', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: {
      nodeName: node,
      containers: [{ name: 'engine', resources: { limits, requests: more.requests } }],
      nodeSelector: more.product ? { 'nvidia.com/gpu.product': more.product } : undefined,
      resourceClaims: more.claim ? [{ name: 'gpu', resourceClaimName: more.claim }] : undefined,
    },
    status: {
      phase: more.phase ?? (node ? 'Running' : 'Pending'),
      conditions: more.message
        ? [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: more.message }]
        : [],
    },
  };
}

/** The pools of a cluster that holds these objects. */
export function poolsOf(objects: readonly KubernetesObject[], name = 'one'): readonly CountedPool[] {
  return fitClusterOf(objects, name).pools;
}

/** A cluster that holds these objects, as the question of fit sees it. */
export function fitClusterOf(objects: readonly KubernetesObject[], name = 'one'): FitCluster {
  const use = new GpuUse();
  const ofKind = <T>(kind: string, keep: (object: KubernetesObject) => T | undefined) =>
    new Map(
      objects
        .filter(object => object.kind === kind)
        .flatMap(object => {
          const kept = keep(object);
          return kept === undefined
            ? []
            : [[`${object.metadata.namespace ?? ''}/${object.metadata.name}`, kept] as const];
        }),
    );
  for (const pod of ofKind('Pod', keepPod).values()) use.podChanged(undefined, pod);
  const claims = ofKind('ResourceClaim', keepClaim);
  for (const claim of claims.values()) use.claimChanged(undefined, claim);
  const slices = ofKind('ResourceSlice', keepSlice);
  const nodes = ofKind('Node', keepNode);
  const quotas = [...ofKind('ResourceQuota', keepQuota).values()];
  const limits = [...ofKind('LimitRange', keepLimits).values()];
  const state = { name: objects.some(({ kind }) => kind === 'LocalQueue') ? ('live' as const) : ('absent' as const) };
  const queues: QueueWatches = {
    local: { state, objects: ofKind('LocalQueue', queueKinds.local.keep) },
    shared: { state, objects: ofKind('ClusterQueue', queueKinds.shared.keep) },
    cohorts: { state, objects: ofKind('Cohort', queueKinds.cohorts.keep) },
    flavors: { state, objects: ofKind('ResourceFlavor', queueKinds.flavors.keep) },
  };
  return {
    name,
    pools: countPools({ cluster: name, nodes, slices, claims, use }),
    room: node => {
      const found = nodes.get(`/${node}`);
      return found && nodeRoom(found, use);
    },
    quotas: namespace => quotas.filter(quota => quota.namespace === namespace),
    limits: namespace => limits.flatMap(one => (one.namespace === namespace ? one.items : [])),
    queues: new WatchedQueues(name, queues),
  };
}
