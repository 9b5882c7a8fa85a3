import type { PodView } from '@fairway/backstage-plugin-fairway-common';
import { diagnosePod } from '@fairway/clients/kubernetes/index';
import type { ClusterEvent } from '@fairway/clients/kubernetes/index';
import { reasonOf, type Reason } from '@fairway/service/reasons/reason';
import { saidReason } from './said-reason.ts';
import type { StartedPod } from './service-pod.ts';
import { startsUntil } from './start-up.ts';

/**
 * @param now      milliseconds since 1970, against which the time to start is measured
 * @param deadline `progressDeadlineSeconds` of what runs the pod
 */
export function podView(
  pod: StartedPod,
  events: readonly ClusterEvent[],
  now: number,
  deadline: number | undefined,
): PodView {
  const { metadata, spec, status } = pod;
  const restarts = status?.containerStatuses?.reduce((sum, container) => sum + container.restartCount, 0) ?? 0;
  return {
    name: metadata.name,
    node: spec?.nodeName,
    phase: status?.phase ?? 'Unknown',
    ...stateOf(pod, events, now, deadline),
    restarts,
    startedAt: status?.startTime,
  };
}

function stateOf(
  pod: StartedPod,
  events: readonly ClusterEvent[],
  now: number,
  deadline: number | undefined,
): Pick<PodView, 'state' | 'reason' | 'coded'> {
  const { metadata, status } = pod;
  if (metadata.deletionTimestamp) return { state: 'ending', ...saidReason(reasonOf('pod.ending')) };
  if (status?.conditions?.some(condition => condition.type === 'Ready' && condition.status === 'True'))
    return { state: 'ready' };
  const diagnosis = diagnosePod(pod, events);
  if (status?.phase === 'Failed')
    return { state: 'failing', ...saidReason(diagnosis?.coded ?? endedSo(status.message)) };
  const starting = diagnosis?.final !== true && now <= startsUntil(pod, deadline);
  return { state: starting ? 'starting' : 'failing', ...saidReason(diagnosis?.coded ?? waitsFor(pod)) };
}

/** A pod that ended with a reason has a diagnosis. */
function endedSo(words: string | undefined): Reason {
  return words === undefined ? reasonOf('pod.endedSilently') : reasonOf('pod.endedSo', { words });
}

function waitsFor({ spec, status }: StartedPod): Reason | string {
  if (!spec?.nodeName) return reasonOf('pod.notPlaced');
  const waiting = status?.containerStatuses?.find(container => container.state?.waiting)?.state?.waiting;
  if (waiting?.message) return `${waiting.reason}: ${waiting.message}`;
  if (status?.containerStatuses?.some(container => container.state?.running)) return reasonOf('pod.probed');
  return reasonOf('pod.made');
}
