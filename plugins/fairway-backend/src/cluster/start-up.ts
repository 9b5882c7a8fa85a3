import type { StartupProbe } from '@fairway/clients/kubernetes/index';
import { startupSchema } from '@fairway/service/schema-pods';
import type { StartedPod } from './service-pod.ts';

/** Seconds in which a container must answer that has no startup probe: the default of `progressDeadlineSeconds` in Kubernetes. */
const unprobed = 600;

/** Seconds for a node and for the image where fairway.yaml says nothing. */
const { schedulingSeconds, pullSeconds } = startupSchema.parse(undefined);
const defaultWait = schedulingSeconds + pullSeconds;

/**
 * The last moment at which a pod that is not ready is still starting, in milliseconds since 1970: its containers within the time that their
 * startup probes give them, before that within the deadline of the rollout. One that a scheduling gate holds has not begun.
 * @param deadline `progressDeadlineSeconds` of what runs the pod, where `deploy` writes what `startup` in fairway.yaml allows; a
 *   LeaderWorkerSet and an LLMInferenceService have none, and their pods get the defaults
 */
export function startsUntil({ metadata, spec, status }: StartedPod, deadline: number | undefined): number {
  const gated = status?.conditions?.some(one => one.type === 'PodScheduled' && one.reason === 'SchedulingGated');
  if (gated) return Infinity;
  const began = status?.containerStatuses?.flatMap(({ state }) => state?.running?.startedAt ?? []) ?? [];
  const since = began.toSorted().at(-1);
  const budgets = spec?.containers?.flatMap(({ startupProbe }) => (startupProbe ? [seconds(startupProbe)] : [])) ?? [];
  const budget = Math.max(...(budgets.length > 0 ? budgets : [unprobed]));
  const start = Date.parse(since ?? status?.startTime ?? metadata.creationTimestamp ?? '');
  const allowed = since === undefined ? (deadline ?? defaultWait + budget) : budget;
  return start + allowed * 1000;
}

/** With Kubernetes' defaults for what is not given. */
function seconds({ initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 }: StartupProbe): number {
  return initialDelaySeconds + periodSeconds * failureThreshold;
}
