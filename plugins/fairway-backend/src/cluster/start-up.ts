import type { StartupProbe } from '@fairway/clients/kubernetes/index';
import type { StartedPod } from './service-pod.ts';

/** Seconds that Kubernetes gives a rollout where nothing else is said: the default of `progressDeadlineSeconds`. */
const progressDeadline = 600;

/**
 * Whether a pod that is not ready may still be starting: its containers within the time that their startup probes give them,
 * before that within Kubernetes' own deadline. One that a scheduling gate holds has not begun.
 * @param now milliseconds since 1970
 */
export function startsStill({ metadata, spec, status }: StartedPod, now: number): boolean {
  const gated = status?.conditions?.some(one => one.type === 'PodScheduled' && one.reason === 'SchedulingGated');
  if (gated) return true;
  const began = status?.containerStatuses?.flatMap(({ state }) => state?.running?.startedAt ?? []) ?? [];
  const since = began.toSorted().at(-1);
  const budgets = spec?.containers?.flatMap(({ startupProbe }) => (startupProbe ? [seconds(startupProbe)] : [])) ?? [];
  const budget = Math.max(...(budgets.length > 0 ? budgets : [progressDeadline]));
  const start = Date.parse(since ?? status?.startTime ?? metadata.creationTimestamp ?? '');
  const allowed = since === undefined ? Math.max(budget, progressDeadline) : budget;
  return now - start <= allowed * 1000;
}

/** With Kubernetes' defaults for what is not given. */
function seconds({ initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 }: StartupProbe): number {
  return initialDelaySeconds + periodSeconds * failureThreshold;
}
