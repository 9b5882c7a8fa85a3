import type { NodeRoom } from '@fairway/service';
import type { GpuUse } from './gpu-use.ts';
import type { WatchedNode } from './watched-node.ts';

export function nodeRoom(node: WatchedNode, use: GpuUse): NodeRoom {
  const { usable, taints, cpu, memory, devices } = node;
  const whole = new Map(devices.map(({ resource, allocatable }) => [resource, allocatable]));
  whole.set('cpu', cpu);
  whole.set('memory', memory);
  // those that ask for nothing are not watched
  whole.set('pods', Infinity);
  return { usable, taints, left: resource => (whole.get(resource) ?? 0) - use.onNode(node.name, resource) };
}
