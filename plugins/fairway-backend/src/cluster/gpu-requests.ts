import { isGpuResource, podRequests } from '@fairway/service';
import type { PodContainers } from '@fairway/service';

/** Resource → cores, bytes or devices. */
export type Requests = ReadonlyMap<string, number>;

const none: Requests = new Map();

/** Devices that a pod holds on its node. */
export function gpuRequests(spec: PodContainers): Requests {
  return orNone(podRequests(spec, isGpuResource));
}

/** CPU and memory that a pod holds on its node. */
export function coreRequests(spec: PodContainers): Requests {
  return orNone(podRequests(spec, resource => resource === 'cpu' || resource === 'memory'));
}

/** Most of tens of thousands of pods ask for no GPU: they share one empty map. */
function orNone(requests: Requests): Requests {
  return requests.size === 0 ? none : requests;
}
