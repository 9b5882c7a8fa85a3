import type { Condition, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { isGpuResource, productOf } from './gpu-class-name.ts';
import { deviceCount } from './quantity.ts';

export interface WatchedNode {
  readonly name: string;
  /** Ready and not cordoned: new pods may come. */
  readonly usable: boolean;
  readonly product?: string;
  readonly devices: readonly { readonly resource: string; readonly capacity: number; readonly allocatable: number }[];
}

interface Node extends KubernetesObject {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly capacity?: Readonly<Record<string, string>>;
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly Condition[];
  };
}

export function keepNode(object: KubernetesObject): WatchedNode {
  const { metadata, spec, status } = object as Node;
  const ready = status?.conditions?.some(condition => condition.type === 'Ready' && condition.status === 'True');
  const capacity = status?.capacity ?? {};
  const devices = Object.keys(capacity)
    .filter(isGpuResource)
    .map(resource => ({
      resource,
      capacity: deviceCount(capacity[resource]),
      allocatable: deviceCount(status?.allocatable?.[resource]),
    }))
    // a node that was split into parts still names the whole devices, with 0
    .filter(device => device.capacity > 0);
  return {
    name: metadata.name,
    usable: ready === true && spec?.unschedulable !== true,
    product: productOf(metadata.labels),
    devices,
  };
}

/** Whether two states of a node mean the same; the kubelet's heartbeat changes nothing that is shown. */
export function sameNode(one: WatchedNode | undefined, other: WatchedNode | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
