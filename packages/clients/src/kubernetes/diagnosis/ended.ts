import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Condition, Pod } from '../workload.ts';
import { passing, type Diagnosis } from './finding.ts';
import { nodePart, resourcePart } from './parts.ts';

/**
 * A pod that ended as a whole: its controller makes another one, so that waiting may help. Reasons: the kubelet's admission
 * (`pkg/kubelet/lifecycle/predicate.go`), its eviction manager and its shutdown manager.
 */
export function ended({ metadata: { name: pod }, spec, status }: Pod): Diagnosis | undefined {
  if (status?.phase !== 'Failed' && status?.reason !== 'NodeLost') return undefined;
  const disruption = disruptionOf(status.conditions);
  const { reason = disruption?.reason, message = disruption?.message } = status;
  // a container ended and says so itself
  if (reason === undefined) return undefined;
  const node = nodePart(spec?.nodeName);
  const words = message?.trim() ?? reasonOf('pod.noWords');
  const short = /^OutOf(.+)$/.exec(reason)?.[1];
  if (short !== undefined)
    return passing(reasonOf('pod.outOfResource', { node, resource: resourcePart(short), pod, words }));
  switch (reason) {
    case 'UnexpectedAdmissionError':
      return passing(reasonOf('pod.notAdmitted', { node, pod, words }));
    case 'Evicted':
      return passing(reasonOf(evictedFor(message), { node, pod, words }));
    case 'NodeAffinity':
      return passing(reasonOf('pod.labelsChanged', { node, pod, words }));
    case 'Preempting':
    case 'Preempted':
    case 'PreemptionByScheduler':
      return passing(reasonOf('pod.preempted', { pod, words }));
    case 'NodeShutdown':
    case 'Shutdown':
    case 'Terminated':
      return passing(reasonOf('pod.nodeShutsDown', { node, pod, words }));
    case 'NodeLost':
    case 'DeletionByPodGC':
      return passing(reasonOf('pod.nodeLost', { node, pod, words }));
    default:
      return passing(reasonOf('pod.ended', { pod, reason, words }));
  }
}

/**
 * A pod that its controller ends and that stays, because the kubelet of its node does not say that it has ended. A LeaderWorkerSet makes no
 * successor before that.
 */
export function staying({ metadata: { name: pod, deletionTimestamp }, spec, status }: Pod): Diagnosis | undefined {
  const disruption = disruptionOf(status?.conditions);
  if (!deletionTimestamp || disruption?.reason !== 'DeletionByTaintManager') return undefined;
  const words = (disruption.message ?? disruption.reason).replace(/\.$/, '');
  return passing(reasonOf('pod.stays', { node: nodePart(spec?.nodeName), pod, words }));
}

/** Who ends a pod for a reason outside it (https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions). */
function disruptionOf(conditions: readonly Condition[] = []): Condition | undefined {
  return conditions.find(({ type, status }) => type === 'DisruptionTarget' && status === 'True');
}

/** The words of `pkg/kubelet/eviction`. */
function evictedFor(
  message = '',
): 'pod.evicted' | 'pod.underPressure' | 'pod.evictedForDisk' | 'pod.evictedForLimit' | 'pod.evictedForMemory' {
  // a pod that had not begun, whose use says nothing
  if (/The node had condition:/.test(message)) return 'pod.underPressure';
  if (/exceed(?:s|ed) (?:the|its) (?:total |local ephemeral storage )?limit/i.test(message))
    return 'pod.evictedForLimit';
  if (/ephemeral|EmptyDir/i.test(message)) return 'pod.evictedForDisk';
  return /memory/i.test(message) ? 'pod.evictedForMemory' : 'pod.evicted';
}
