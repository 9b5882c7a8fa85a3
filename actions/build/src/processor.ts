import { gpuClasses } from '@fairway/service';
import type { Service } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';

/** Why the nodes of a service cannot run an image of an architecture; undefined where they can, and where nothing says which they have. */
export function otherProcessor(
  { workload, resources }: Pick<Service, 'workload' | 'resources'>,
  architecture: string,
): Reason | undefined {
  const selected = workload.nodeSelector['kubernetes.io/arch'];
  const ofClass = gpuClasses.get(resources.gpu?.class ?? '');
  const wanted = selected ?? ofClass?.processor;
  if (wanted === undefined || wanted === architecture) return undefined;
  const nodes =
    selected === undefined
      ? reasonOf('build.nodesOfClass', { gpu: ofClass?.name ?? '' })
      : reasonOf('build.nodesSelected', { label: `kubernetes.io/arch=${selected}` });
  return reasonOf('build.otherProcessor', { architecture, nodes, wanted });
}
