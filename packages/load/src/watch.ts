import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** How an event loop did while it sent load. */
export interface LoopHealth {
  /** Milliseconds by which the loop was held up, at the 99th percentile and at most. */
  readonly delayP99: number;
  readonly delayMost: number;
  /** Share of the time in which the loop was busy, 0 to 1. */
  readonly busy: number;
}

/** Milliseconds between two looks at the event loop; one costs a few microseconds. */
const resolution = 10;

/** Watches this thread's event loop until the returned function is called. */
export function watchLoop(): () => LoopHealth {
  const delays = monitorEventLoopDelay({ resolution });
  const before = performance.eventLoopUtilization();
  delays.enable();
  return () => {
    delays.disable();
    // what is recorded is the time between two looks
    const held = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolution);
    return {
      delayP99: held(delays.percentile(99)),
      delayMost: held(delays.max),
      busy: performance.eventLoopUtilization(before).utilization,
    };
  };
}

/** Milliseconds on a clock that all threads of this process share. */
export function sharedClock(): () => number {
  const offset = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  return () => performance.now() + offset;
}
