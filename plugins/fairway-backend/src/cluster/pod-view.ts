import type { PodView } from '@fairway/backstage-plugin-fairway-common';
import { diagnosePod } from '@fairway/clients/kubernetes/index';
import type { ClusterEvent } from '@fairway/clients/kubernetes/index';
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
): Pick<PodView, 'state' | 'reason'> {
  const { metadata, status } = pod;
  if (metadata.deletionTimestamp) return { state: 'ending', reason: 'It was told to end and finishes its streams.' };
  if (status?.conditions?.some(condition => condition.type === 'Ready' && condition.status === 'True'))
    return { state: 'ready' };
  const diagnosis = diagnosePod(pod, events);
  if (status?.phase === 'Failed') {
    const reason = `It was ended${status.reason ? ` (${status.reason})` : ''}: ${status.message ?? 'the cluster gives no reason'}`;
    return { state: 'failing', reason: diagnosis?.cause ?? reason };
  }
  const starting = diagnosis?.final !== true && now <= startsUntil(pod, deadline);
  return { state: starting ? 'starting' : 'failing', reason: diagnosis?.cause ?? waitsFor(pod) };
}

function waitsFor({ spec, status }: StartedPod): string {
  if (!spec?.nodeName) return 'The scheduler has not placed it yet.';
  const waiting = status?.containerStatuses?.find(container => container.state?.waiting)?.state?.waiting;
  if (waiting?.message) return `${waiting.reason}: ${waiting.message}`;
  if (status?.containerStatuses?.some(container => container.state?.running))
    return 'Its container runs and has not passed its probes yet.';
  return 'Its container is being made.';
}
