import type { Service } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { engineProfile, usesSharedMemory, type EngineProfile } from './profile.ts';

/** Seconds between the last try of the startup probe and the cluster showing how it ended. */
const settleSeconds = 60;

/** Seconds in which the engine must answer once its container runs: what the service says, else what a model of a few gigabytes takes. */
export function loadingSeconds(service: Service): number {
  return service.startup.seconds ?? engineProfile(service.engine.name).startupSeconds;
}

/** The profile of the service's engine, with what the service makes of it: the time to start, and whether it uses shared memory. */
export function serviceProfile(service: Service): EngineProfile {
  const profile = engineProfile(service.engine.name);
  return {
    ...profile,
    startupSeconds: loadingSeconds(service),
    sharedMemory: usesSharedMemory(service, profile),
  };
}

const keys = { scheduling: 'schedulingSeconds', pulling: 'pullSeconds', loading: 'seconds' } as const;

/** What to do where a phase took longer. */
export function startupHint(phase: keyof typeof keys): Reason {
  return reasonOf('deploy.longer', { field: keys[phase] });
}

/** Seconds that a rollout waits in each phase of a pod's start. */
export function startupLimits(service: Service): { scheduling: number; pulling: number; loading: number } {
  const { schedulingSeconds: scheduling, pullSeconds: pulling } = service.startup;
  return { scheduling, pulling, loading: loadingSeconds(service) + settleSeconds };
}

/** Seconds that a first user waits at most for a version that has no pods: as long as one may take to start. */
export function coldStartSeconds(service: Service): number {
  const { scheduling, pulling, loading } = startupLimits(service);
  return scheduling + pulling + loading;
}
