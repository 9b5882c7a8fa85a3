import type { StartupProbe } from '@fairway/clients/kubernetes/index';
import type { StartedPod } from './service-pod.ts';

/** Seconds that Kubernetes gives a rollout where nothing else is said: the default of `progressDeadlineSeconds`. */
const progressDeadline = 600;

/**
 * Whether a pod that is not ready may still be starting: its containers within the time that their startup probes give them,
 * before that within Kubernetes' own deadline. One that a scheduling gate holds has not begun.
 * @param now milliseconds since 1970
 */
export function startsStill(pod: StartedPod, now: number): boolean {
  return now <= startsUntil(pod);
}

/** The last moment at which a pod that is not ready is still starting, in milliseconds since 1970. */
export function startsUntil({ metadata, spec, status }: StartedPod): number {
  const gated = status?.conditions?.some(one => one.type === 'PodScheduled' && one.reason === 'SchedulingGated');
  if (gated) return Infinity;
  const began = status?.containerStatuses?.flatMap(({ state }) => state?.running?.startedAt ?? []) ?? [];
  const since = began.toSorted().at(-1);
  const budgets = spec?.containers?.flatMap(({ startupProbe }) => (startupProbe ? [seconds(startupProbe)] : [])) ?? [];
  const budget = Math.max(...(budgets.length > 0 ? budgets : [progressDeadline]));
  const start = Date.parse(since ?? status?.startTime ?? metadata.creationTimestamp ?? '');
  const allowed = since === undefined ? Math.max(budget, progressDeadline) : budget;
  return start + allowed * 1000;
}

/** With Kubernetes' defaults for what is not given. */
function seconds({ initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 }: StartupProbe): number {
  return initialDelaySeconds + periodSeconds * failureThreshold;
}
