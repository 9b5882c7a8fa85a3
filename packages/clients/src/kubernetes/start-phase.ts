import { isReadyPod } from './workload.ts';
import type { Pod } from './workload.ts';

/** What a pod that is not ready waits for: a node, its image and volumes, or its own containers. */
export type StartPhase = 'scheduling' | 'pulling' | 'loading';

/** Seconds that each phase of a start may take. */
export type StartLimits = Readonly<Record<StartPhase, number>>;

const order: readonly StartPhase[] = ['scheduling', 'pulling', 'loading'];

/** The phase of the pod that is furthest from being ready; pods that are not there yet wait for a node. */
export function startPhase(pods: readonly Pod[], desired: number): StartPhase {
  const living = pods.filter(pod => !pod.metadata.deletionTimestamp && pod.status?.phase !== 'Failed');
  if (living.length < desired) return 'scheduling';
  const phases = living.filter(pod => !isReadyPod(pod)).map(phaseOf);
  return order.find(phase => phases.includes(phase)) ?? 'loading';
}

function phaseOf({ spec, status }: Pod): StartPhase {
  const bound = spec?.nodeName ?? status?.conditions?.some(one => one.type === 'PodScheduled' && one.status === 'True');
  if (!bound) return 'scheduling';
  const ran = status?.containerStatuses?.some(
    ({ state, restartCount }) => restartCount > 0 || state?.running !== undefined || state?.terminated !== undefined,
  );
  return ran ? 'loading' : 'pulling';
}
