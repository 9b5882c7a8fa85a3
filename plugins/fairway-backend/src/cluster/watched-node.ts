import type { Condition, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { gpuPart, isGpuResource, nodeGpus, quantity, takesPods } from '@fairway/service';
import type { Taint } from '@fairway/service';
import { poolName } from './gpu-class-name.ts';

export interface WatchedNode {
  readonly name: string;
  /** Ready and not cordoned: new pods may come. */
  readonly usable: boolean;
  readonly cordoned: boolean;
  readonly taints: readonly Taint[];
  /** Allocatable CPU in cores and memory in bytes. */
  readonly cpu: number;
  readonly memory: number;
  readonly devices: readonly WatchedDevices[];
}

export interface WatchedDevices {
  readonly resource: string;
  /** Name of the pool that they are counted in. */
  readonly pool: string;
  readonly mig: boolean;
  /** Of a whole GPU. */
  readonly part: number;
  readonly capacity: number;
  readonly allocatable: number;
}

interface Node extends KubernetesObject {
  readonly spec?: { readonly unschedulable?: boolean; readonly taints?: readonly Taint[] };
  readonly status?: {
    readonly capacity?: Readonly<Record<string, string>>;
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly Condition[];
  };
}

const noTaints: readonly Taint[] = [];

export function keepNode(object: KubernetesObject): WatchedNode {
  const { metadata, spec, status } = object as Node;
  const capacity = status?.capacity ?? {};
  const devices = Object.keys(capacity)
    .filter(isGpuResource)
    .map(resource => {
      const offered = quantity(capacity[resource]);
      const gpus = nodeGpus(metadata.labels ?? {}, resource, offered);
      return {
        resource,
        pool: poolName(gpus, resource),
        mig: gpus.kind === 'mig',
        part: gpuPart(metadata.labels ?? {}, resource, offered),
        capacity: offered,
        allocatable: quantity(status?.allocatable?.[resource]),
      };
    })
    // a node that was split into parts still names the whole devices, with 0
    .filter(device => device.capacity > 0);
  return {
    name: metadata.name,
    usable: takesPods({ spec, status }),
    cordoned: spec?.unschedulable === true,
    taints: spec?.taints ?? noTaints,
    cpu: quantity(status?.allocatable?.cpu),
    memory: quantity(status?.allocatable?.memory),
    devices,
  };
}

/** Whether two states of a node mean the same; the kubelet's heartbeat changes nothing that is shown. */
export function sameNode(one: WatchedNode | undefined, other: WatchedNode | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
