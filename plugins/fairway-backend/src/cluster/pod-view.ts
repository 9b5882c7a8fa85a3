import type { PodView } from '@fairway/backstage-plugin-fairway-common';
import { diagnosePod } from '@fairway/clients/kubernetes/index';
import type { ClusterEvent } from '@fairway/clients/kubernetes/index';
import type { StartedPod } from './service-pod.ts';

export function podView(pod: StartedPod, events: readonly ClusterEvent[]): PodView {
  const { metadata, spec, status } = pod;
  const ready =
    !metadata.deletionTimestamp &&
    status?.conditions?.some(condition => condition.type === 'Ready' && condition.status === 'True') === true;
  const restarts = status?.containerStatuses?.reduce((sum, container) => sum + container.restartCount, 0) ?? 0;
  return {
    name: metadata.name,
    node: spec?.nodeName,
    phase: status?.phase ?? 'Unknown',
    ready,
    restarts,
    reason: ready ? undefined : reasonOf(pod, events),
    startedAt: status?.startTime,
  };
}

function reasonOf(pod: StartedPod, events: readonly ClusterEvent[]): string {
  const { metadata, spec, status } = pod;
  if (metadata.deletionTimestamp) return 'It was told to end and finishes its streams.';
  const diagnosis = diagnosePod(pod, events);
  if (diagnosis) return diagnosis.cause;
  if (!spec?.nodeName) return 'The scheduler has not placed it yet.';
  const waiting = status?.containerStatuses?.find(container => container.state?.waiting)?.state?.waiting;
  if (waiting?.message) return `${waiting.reason}: ${waiting.message}`;
  if (status?.containerStatuses?.some(container => container.state?.running))
    return 'Its container runs and has not passed its probes yet.';
  return 'Its container is being made.';
}
