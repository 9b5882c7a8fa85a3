import type { Runtime } from '../run-stage.ts';

/** For tests: a run in a folder that prints nothing, reads no environment and names inputs as the command line does. */
export function silentRuntime(folder: string, signal: AbortSignal = new AbortController().signal): Runtime {
  return {
    folder,
    log: { info: () => undefined, warning: () => undefined, annotate: () => undefined, progress: () => undefined },
    signal,
    now: () => new Date(),
    environment: {},
    inputName: name => `--${name}`,
  };
}
