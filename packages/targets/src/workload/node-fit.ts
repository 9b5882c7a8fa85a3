import { keepingOff, nodeGpus, podRequests, quantity, replicasOnNode, takesPods } from '@fairway/service';
import type { GpuClass, NodeGpus, NodeRoom, NodeState, PodContainers, PodNeed, Taint } from '@fairway/service';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';

export interface Node extends KubernetesObject, NodeState {
  readonly spec?: NodeState['spec'] & { readonly taints?: readonly Taint[] };
  readonly status?: NodeState['status'] & { readonly allocatable?: Readonly<Record<string, string>> };
}

/** Pods that a node takes, or why it takes none, as the end of a sentence about it. */
export type NodeAnswer = { readonly pods: number } | { readonly why: Reason };

/** @param pods those that the node runs; what has ended holds nothing */
export function podsOnNode(node: Node, need: PodNeed, pods: readonly PodContainers[]): NodeAnswer {
  const { labels = {} } = node.metadata;
  if (!takesPods(node)) return { why: reasonOf('room.notReady') };
  if ((labels['kubernetes.io/os'] ?? 'linux') !== 'linux') return { why: reasonOf('room.otherSystem') };
  if (need.gpu) {
    const offered = quantity(node.status?.allocatable?.[need.gpu.resource]);
    const gpus = nodeGpus(labels, need.gpu.resource, offered);
    const installed = need.claimed || offered > 0;
    if (!installed || !isDevice(gpus, need.gpu)) return { why: reasonOf('room.noClass', { gpu: need.gpu.name }) };
  }
  const other = Object.entries(need.nodeSelector).find(([key, value]) => labels[key] !== value);
  if (other) return { why: reasonOf('room.noLabel', { label: other.join('=') }) };
  const room = roomOf(node, pods);
  const taint = keepingOff(room, need);
  if (taint) return { why: reasonOf('room.tainted', { taint: taintText(taint) }) };
  const count = replicasOnNode(room, need);
  if (count > 0) return { pods: count };
  const lacking = [...need.resources].flatMap(([resource, amount]) => (room.left(resource) < amount ? resource : []));
  return { why: reasonOf('room.tooLittle', { resources: listOf('list.and', lacking) }) };
}

/** Whether the GPUs of a node are what a pod asks for, each for one pod alone. */
function isDevice(gpus: NodeGpus, { name, mig }: GpuClass): boolean {
  return gpus.shares === 1 && gpus.class === (mig?.of ?? name) && gpus.profile === mig?.profile;
}

function roomOf(node: Node, pods: readonly PodContainers[]): NodeRoom {
  const held = pods.map(spec => podRequests(spec, () => true));
  return {
    usable: true,
    taints: node.spec?.taints ?? [],
    left: resource =>
      quantity(node.status?.allocatable?.[resource]) -
      (resource === 'pods' ? pods.length : held.reduce((sum, one) => sum + (one.get(resource) ?? 0), 0)),
  };
}

function taintText({ key, value, effect }: Taint): string {
  return `${key}${value ? `=${value}` : ''}:${effect}`;
}
