import type { EngineName } from '@fairway/service';
import type { Contender } from '@fairway/stage/comparison/record';

/** An engine that can be started, and what the record says of it. */
export interface StartableEngine extends Pick<
  Contender,
  'mode' | 'version' | 'command' | 'environment' | 'from' | 'weights'
> {
  readonly engine: EngineName;
  /**
   * Starts it and waits until it generates.
   * @throws ToolError when it ends or does not generate in time
   */
  start(signal: AbortSignal): Promise<RunningEngine>;
}

export interface RunningEngine {
  /** Address before /v1. */
  readonly url: string;
  /** The name by which requests name the model. */
  readonly model: string;
  readonly startSeconds: number;
  /** Seconds of processors, or of the GPUs, that it used since it was started; and the memory that it holds now. */
  use(): Promise<EngineUse>;
  stop(): Promise<void>;
}

export interface EngineUse {
  readonly busySeconds: number;
  readonly memoryGiB: number;
}
