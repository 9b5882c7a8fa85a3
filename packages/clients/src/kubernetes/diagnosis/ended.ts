import type { Pod } from '../workload.ts';
import { passing, type Diagnosis } from './finding.ts';

/**
 * A pod that ended as a whole: its controller makes another one, so that waiting may help. Reasons: the kubelet's admission
 * (`pkg/kubelet/lifecycle/predicate.go`), its eviction manager and its shutdown manager.
 */
export function ended({ metadata: { name }, spec, status }: Pod): Diagnosis | undefined {
  if (status?.phase !== 'Failed') return undefined;
  const { reason, message } = status;
  // a container ended and says so itself
  if (reason === undefined) return undefined;
  const node = spec?.nodeName ? ` ${spec.nodeName}` : '';
  const words = message?.trim() ?? 'no reason is given';
  const short = /^OutOf(.+)$/.exec(reason)?.[1];
  if (short !== undefined)
    return passing(
      `The node${node} has too little ${resourceName(short)} left for the pod ${name}, which another pod took first: ${words}`,
    );
  switch (reason) {
    case 'UnexpectedAdmissionError':
      return passing(
        `The node${node} does not admit the pod ${name}: ${words}. Look at the device plugin and the GPUs of that node, and cordon it if they are broken.`,
      );
    case 'Evicted':
      return passing(`The node${node} evicted the pod ${name}: ${words}${evictionAdvice(words)}`);
    case 'NodeAffinity':
      return passing(`The labels of the node${node} changed and no longer match the pod ${name}: ${words}`);
    case 'Preempting':
    case 'Preempted':
      return passing(`The pod ${name} gave way to one of a higher priority: ${words}`);
    case 'NodeShutdown':
    case 'Shutdown':
    case 'Terminated':
      return passing(`The node${node} shuts down and ended the pod ${name}: ${words}`);
    case 'NodeLost':
      return passing(`The node${node} of the pod ${name} does not answer any more: ${words}`);
    default:
      return passing(`The pod ${name} was ended (${reason}): ${words}`);
  }
}

function evictionAdvice(words: string): string {
  if (/ephemeral|EmptyDir/i.test(words))
    return ' It wrote more to its disk than the node has: write less there, or ask for a node with more.';
  return /memory/i.test(words) ? ' Raise resources.memory in fairway.yaml to what the engine uses.' : '';
}

/** A resource as the scheduler and the kubelet write it, in words. */
export function resourceName(resource: string): string {
  return { cpu: 'CPU', memory: 'memory', 'ephemeral-storage': 'disk', pods: 'room for pods' }[resource] ?? resource;
}
