import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { countPools } from '../gpu-pools.ts';
import type { CountedPool } from '../gpu-pools.ts';
import { GpuUse } from '../gpu-use.ts';
import { keepClaim, keepSlice } from '../watched-claims.ts';
import { keepNode } from '../watched-node.ts';
import { keepPod } from '../watched-pod.ts';

/** A Node as the API server would give it. */
export function gpuNode(
  name: string,
  devices: Readonly<Record<string, number>>,
  more: { product?: string; ready?: boolean; cordoned?: boolean } = {},
): KubernetesObject {
  const counts = Object.fromEntries(Object.entries(devices).map(([resource, count]) => [resource, String(count)]));
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: more.product ? { 'nvidia.com/gpu.product': more.product } : {} },
    spec: { unschedulable: more.cordoned },
    status: {
      capacity: counts,
      allocatable: counts,
      conditions: [{ type: 'Ready', status: more.ready === false ? 'False' : 'True' }],
    },
  };
}

/** A pod that holds GPUs of a node, or waits for them when it has none. */
export function gpuPod(
  name: string,
  node: string | undefined,
  count: number,
  more: { resource?: string; product?: string; phase?: string; message?: string; claim?: string } = {},
): KubernetesObject {
  const limits = count > 0 ? { [more.resource ?? 'nvidia.com/gpu']: String(count) } : {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'models', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: {
      nodeName: node,
      containers: [{ name: 'engine', resources: { limits } }],
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

/** Counts the pools of a cluster that holds these objects. */
export function poolsOf(objects: readonly KubernetesObject[], name = 'one'): readonly CountedPool[] {
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
  return countPools({ cluster: name, nodes: ofKind('Node', keepNode), slices, claims, use });
}
