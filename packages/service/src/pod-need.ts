import type { GpuClass } from './gpu-classes.ts';
import { replicaNeed } from './gpu-placement.ts';
import { deviceOf } from './mig.ts';
import type { ReplicaNeed } from './node-room.ts';
import type { Service } from './schema.ts';

/** What a pod of a service asks of its node. */
export interface PodNeed extends ReplicaNeed {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly gpu: GpuClass | undefined;
  /** Whether it claims its GPUs, so that the node is only known to have some of the class. */
  readonly claimed: boolean;
  /** Pods of a replica, one on each of its nodes. */
  readonly nodes: number;
}

export function podNeed({ resources, workload }: Service): PodNeed {
  const gpu = resources.gpu && deviceOf(resources.gpu);
  const asked = gpu && { class: gpu, count: resources.gpu?.count ?? 1 };
  const need = replicaNeed(asked, resources, workload.tolerations);
  const counted = new Map([...need.resources, ['pods', 1]]);
  const claimed = resources.gpu?.deviceClass !== undefined;
  // no resource of the node counts devices that are claimed
  if (gpu && claimed) counted.delete(gpu.resource);
  return { ...need, resources: counted, nodeSelector: workload.nodeSelector, gpu, claimed, nodes: workload.nodes };
}
