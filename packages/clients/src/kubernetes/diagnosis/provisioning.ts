import type { ClusterEvent } from '../workload.ts';

/** What an autoscaler says about a node for a pod. */
export interface Provisioning {
  /** Whether it makes one. */
  readonly coming: boolean;
  readonly words: string;
}

/**
 * From the newest word of Kubernetes' cluster autoscaler (`TriggeredScaleUp`, `NotTriggerScaleUp`), of GKE's (`FailedScaleUp` too) or of
 * Karpenter (`Nominated`, and `FailedScheduling`, which the scheduler writes too). Undefined where there is none, or none that says so.
 * @param events of the pod, the newest first
 */
export function provisioning(events: readonly ClusterEvent[]): Provisioning | undefined {
  for (const { reason, message = '' } of events) {
    const words = message.trim().replace(/\.$/, '');
    switch (reason) {
      case 'TriggeredScaleUp':
        return { coming: true, words };
      case 'Nominated':
        // `machine` before Karpenter 0.32; a node that is there is nominated too, and the scheduler is about to take it
        if (/ (?:nodeclaim|machine)\//.test(words)) return { coming: true, words };
        break;
      case 'NotTriggerScaleUp':
      case 'FailedScaleUp':
        return { coming: false, words };
      case 'FailedScheduling':
        // the scheduler's words begin with its count of nodes
        if (words.startsWith('Failed to schedule pod, ')) return { coming: false, words };
        break;
    }
  }
  return undefined;
}
