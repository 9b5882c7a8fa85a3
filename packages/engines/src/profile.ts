import type { EngineName } from '@fairway/service/engine-names';
import type { Service } from '@fairway/service/schema';
import { fastchat } from './fastchat/profile.ts';
import { llamacpp } from './llamacpp/profile.ts';
import { sglang } from './sglang/profile.ts';
import { tgi } from './tgi/profile.ts';
import { transformers } from './transformers/profile.ts';
import { vllm } from './vllm/profile.ts';

/** Prometheus names as the engine exposes them; a histogram's is the one without `_bucket`, `_sum` and `_count`. */
export interface EngineMetrics {
  /** Histogram, seconds. */
  readonly timeToFirstToken?: string;
  /** Histogram, seconds. */
  readonly interTokenLatency?: string;
  /** Histogram, seconds: the whole request. */
  readonly requestDuration?: string;
  /** Histogram, seconds: waiting before the first step. */
  readonly queueDuration?: string;
  /** Gauges, requests. */
  readonly requestsWaiting?: string;
  readonly requestsRunning?: string;
  /** Counters. */
  readonly requestsSucceeded?: string;
  readonly promptTokens?: string;
  /** A counter, or (TGI) a histogram whose `_sum` counts. */
  readonly generatedTokens?: string;
  readonly preemptions?: string;
  /** Gauge, 0 to 1. */
  readonly kvCacheUsage?: string;
}

export type ModelFormat = 'gguf' | 'safetensors';

/** One of the nodes that serve a model together. */
export interface EngineNode {
  readonly nodes: number;
  /** From 0, which answers the requests; a number, or what becomes one in the pod. */
  readonly rank: string;
  /** Host name of node 0. */
  readonly leader: string;
}

/** What Fairway knows of an engine. */
export interface EngineProfile {
  readonly name: EngineName;
  /**
   * The public image of the project by version, the newest first: the digest is that of the index of all platforms. By tag alone where no
   * public source says the digest. Absent when the project publishes none.
   */
  readonly images?: readonly [string, ...string[]];
  /** What must be executable in the service's image, with fixed leading words. */
  readonly command: readonly string[];
  /** Everything after `command`, with `engine.arguments` at the end. The engine listens on 0.0.0.0 and `serving.port`. */
  arguments(service: Service): string[];
  /** The program that gets `engine.arguments`, with all of its arguments, where `command` is a shell that starts it. */
  started?(service: Service): string[];
  /** Arguments of each of several nodes that serve a model together, beside `arguments`; absent where Fairway knows no way. */
  nodeArguments?(node: EngineNode): string[];
  /** Whether it loads a repository of the hub at a commit by itself. */
  readonly loadsFromHub?: boolean;
  /** Whether it serves adapters of a model under names of their own. */
  readonly servesAdapters?: boolean;
  /** Settings that versions which do not know them ignore, as they would not ignore an argument. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The engine's own default port; Fairway always gives `serving.port`. */
  readonly port: number;
  /** Answers 200 when the engine can serve. */
  readonly healthPath: string;
  /** On the serving port; absent when the engine exposes no metrics. */
  readonly metricsPath?: string;
  readonly metrics: EngineMetrics;
  /** Whether a streamed answer ends with `data: [DONE]`, so that a cut one can be told from a whole one. */
  readonly endsStreamWithDone: boolean;
  /**
   * Whether a streamed answer says at its end how many tokens it took, to clients that did not ask for it too. Where it does not,
   * limits of tokens count the events of the stream: a token each with most engines, several with some.
   */
  readonly tellsStreamUsage: boolean;
  /**
   * Whether it closes the connection after a streamed answer without saying so (`connection: close`). A request that was sent over it
   * meanwhile is lost: 503, which counts as the version's error.
   */
  readonly closesAfterStream?: boolean;
  /** How an engine that aborts running requests on SIGTERM is told to finish them; absent where that is not known or not possible. */
  readonly drain?: {
    /** Argument that takes the seconds it may take. */
    readonly argument: string;
    /** First version that is known to have it. */
    readonly since: string;
  };
  /** Main memory that its processes take before they have a model, in MiB, rounded down from what was measured; absent where nobody has. */
  readonly leastMemoryMebibytes?: number;
  /** Whether its processes need more of /dev/shm than a runtime gives by itself, also without a GPU. */
  readonly sharedMemory?: boolean;
  readonly modelFormats: readonly ModelFormat[];
  /** What the engine cannot do, one sentence each. */
  readonly limitations: readonly string[];
  /** How long a start with a model of a few gigabytes may take. */
  readonly startupSeconds: number;
}

const profiles: Readonly<Record<EngineName, EngineProfile>> = { vllm, tgi, fastchat, transformers, llamacpp, sglang };

export const engineProfiles: readonly EngineProfile[] = Object.values(profiles);

/** Where several GPUs serve a model together, their processes exchange tensors there, whatever the engine. */
export function usesSharedMemory({ resources }: Service, { sharedMemory = false }: EngineProfile): boolean {
  return sharedMemory || resources.gpu !== undefined;
}

/** The engine's own program with the arguments of a service, without the shell that may start it. */
export function engineProgram(service: Service): readonly string[] {
  const profile = engineProfile(service.engine.name);
  return profile.started?.(service) ?? [...profile.command, ...profile.arguments(service)];
}

export function engineProfile(name: EngineName): EngineProfile {
  return profiles[name];
}
