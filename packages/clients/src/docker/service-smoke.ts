import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { smokeTest } from './smoke-test.ts';
import type { SmokeAnswer } from './smoke-test.ts';
import type { DockerEngine } from './engine.ts';

/** What the smoke test reads of a service; `Service` of @fairway/service is one. */
export interface SmokeService {
  readonly model: {
    readonly name: string;
    readonly weights?: object;
    readonly adapters?: readonly { readonly reference?: string }[];
  };
  readonly serving: { readonly port: number };
  readonly resources: { readonly gpu?: { readonly count: number } };
}

/** What the smoke test reads of an engine; `EngineProfile` of @fairway/service is one. */
export interface SmokeProfile<S> {
  readonly command: readonly string[];
  arguments(service: S): readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it may use its whole memory through /dev/shm, as the pod gives it. */
  readonly sharedMemory?: boolean;
  readonly healthPath: string;
  readonly startupSeconds: number;
}

/** A file or folder of this machine, and where a container sees it. */
export interface MountedModel {
  readonly host: string;
  readonly at: string;
}

/**
 * Why this daemon cannot run the service's engine at all, or undefined when it can.
 * @param model of a service whose image has none
 */
export function smokeObstacle(
  engine: DockerEngine,
  service: SmokeService,
  model: MountedModel | undefined,
): Reason | undefined {
  if (!engine.local) return reasonOf('smoke.elsewhere', { host: engine.host });
  if (service.resources.gpu && !engine.runtimes.includes('nvidia')) return reasonOf('smoke.noGpu');
  if (service.model.weights && !model) return reasonOf('smoke.noModel');
  return undefined;
}

/**
 * Starts the service's engine from an image with the arguments, the user and the memory that a pod will have, and asks it one short chat. It has no
 * adapter that pods download: it asks the model alone.
 */
export function smokeTestService<S extends SmokeService>(
  engine: DockerEngine,
  image: string,
  service: S,
  profile: SmokeProfile<S>,
  mounted: MountedModel | undefined,
  memoryBytes: number,
  signal: AbortSignal,
): Promise<SmokeAnswer> {
  const here = service.model.adapters?.filter(({ reference }) => reference === undefined);
  const model = { ...service.model, adapters: here?.length ? here : undefined };
  return smokeTest(engine, {
    image,
    command: profile.command,
    arguments: (port, address) =>
      profile
        .arguments({ ...service, model, serving: { ...service.serving, port } })
        .map(argument => argument.replaceAll('0.0.0.0', address)),
    environment: profile.environment,
    port: service.serving.port,
    healthPath: profile.healthPath,
    model: service.model.name,
    startupSeconds: profile.startupSeconds,
    memoryBytes,
    sharedMemory: profile.sharedMemory,
    gpus: service.resources.gpu?.count,
    mounted,
    signal,
  });
}
