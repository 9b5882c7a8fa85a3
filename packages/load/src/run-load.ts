import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { RequestSample } from '@fairway/indicators';
import { percentile } from '@fairway/indicators/percentile';
import { ToolError } from '@fairway/clients/tool-error';
import { offeredRate, secondsOf } from './arrivals.ts';
import type { LoadPlan } from './load-plan.ts';
import { ratesOf, troubleOf } from './result.ts';
import type { GeneratorHealth, LoadResult } from './result.ts';
import type { LoadSample } from './sample.ts';
import type { Counters, RequestHeaders } from './sender.ts';
import { ownThread, reportEvery, workerThread } from './thread.ts';
import type { Ended, Thread } from './thread.ts';
import { isOwnLimit, isUnsent } from './unsent.ts';
import { sharedClock } from './watch.ts';

export interface RunOptions {
  readonly url: string;
  readonly plan: LoadPlan;
  /** Headers of all requests; asked each second, so that a token is renewed before it is over. */
  readonly headers: () => Promise<RequestHeaders>;
  /** Milliseconds of one answer, as far as is known before. */
  readonly expectedDuration: number;
  /** Threads that send; default as many as the load needs. */
  readonly threads?: number;
  /** Ends the load early; what was measured is the result. */
  readonly signal: AbortSignal;
  /** Called a few times a second. */
  readonly progress: (live: Live) => void;
  /**
   * Asked a few times a second with the measured requests that ended since, in the order in which they were due, up to the
   * first that still runs: whatever ended so far would be the quick ones only. True ends the load. Asked once more at the
   * end, with the rest. `later` are all that are due after those, as they stand: what still runs as if it were cancelled now.
   */
  readonly enough?: (ended: readonly LoadSample[], later: readonly RequestSample[]) => boolean;
  /** Share of the planned requests that is wanted from now on, 0 to 1; asked before each look. Default all. */
  readonly wanted?: () => number;
}

export interface Live extends Counters {
  readonly phase: 'warm-up' | 'measured';
  /** Seconds since the phase began. */
  readonly seconds: number;
}

/** Tokens a second, each in a read of its own, that one event loop handles in half of its time. */
const tokensOfOneThread = 60_000;

/**
 * Sends the load of a plan and gives every measured request with the generator's own health.
 * @throws ToolError when nothing answers at the address
 */
export async function runLoad(options: RunOptions): Promise<LoadResult> {
  const { plan, signal } = options;
  const now = sharedClock();
  const concurrency = expectedConcurrency(options);
  const of = options.threads ?? threadsFor(plan, concurrency, options.expectedDuration);
  const input = {
    url: options.url,
    plan,
    headers: await options.headers(),
    connections: Math.ceil(concurrency / of),
  };
  const threads = await Promise.all(
    Array.from({ length: of }, (_, index) =>
      of === 1 ? ownThread({ ...input, share: { index, of } }) : workerThread({ ...input, share: { index, of } }),
    ),
  );
  await Promise.all(threads.map(thread => thread.connect())).catch((error: NodeJS.ErrnoException) => {
    if (!error.syscall) throw error;
    throw unreachable(options.url, error);
  });
  const ended = Promise.all(threads.map(thread => thread.ended));
  const renewal = renewHeaders(threads, options.headers);
  const stop = () => threads.forEach(thread => thread.tell({ kind: 'stop' }));
  signal.addEventListener('abort', stop);
  try {
    const begin = now();
    threads.forEach(thread => thread.tell({ kind: 'begin' }));
    const steady = await warmUp(threads, options, ended);
    const from = now() + reportEvery / 5;
    const cpuBefore = process.cpuUsage();
    if (signal.aborted) stop();
    else threads.forEach(thread => thread.tell({ kind: 'measure', from }));
    const startedAt = new Date(Date.now() + from - now()).toISOString();
    const endedThreads = await measured(threads, options, ended, from, now);
    const cpu = process.cpuUsage(cpuBefore);
    const planned = from + secondsOf(plan.arrivals) * 1000;
    const to = Math.min(planned, Math.max(from + 1, now()));
    const all = endedThreads.flatMap(one => one.samples).sort((a, b) => a.scheduledAt - b.scheduledAt);
    return {
      url: options.url,
      plan,
      startedAt,
      from,
      to,
      cache: plan.salt === '' ? 'warm' : 'cold',
      warmUp: { seconds: (from - begin) / 1000, requests: together(threads).sent - all.length, steady },
      rates: ratesOf(
        all,
        endedThreads.flatMap(one => one.before),
        plan.arrivals,
        from,
        to,
      ),
      generator: healthOf(all, endedThreads, (cpu.user + cpu.system) / 1000 / Math.max(reportEvery, now() - from)),
      interrupted: signal.aborted,
      trouble: renewal.failure() ?? troubleOf(all),
      samples: all,
    };
  } finally {
    signal.removeEventListener('abort', stop);
    renewal.end();
  }
}

/** No connection could be opened: no request was sent, so nothing is known of the service. */
function unreachable(url: string, { code, message }: NodeJS.ErrnoException): ToolError {
  return new ToolError(
    'inference endpoint',
    reasonOf('request.connect', { url }),
    undefined,
    reasonOf(isOwnLimit(code) ? 'endpoint.unsent' : 'endpoint.silent', { errno: code ?? message }),
    reasonOf(isOwnLimit(code) ? 'endpoint.lowerIt' : 'endpoint.checkIt'),
  );
}

/** Share of the time in which an event loop may work: with less left, every answer is read late. */
export const mostBusy = 0.9;

/** Requests that run at once: Little's law where the rate is given. */
function expectedConcurrency({ plan, expectedDuration }: RunOptions): number {
  const rate = offeredRate(plan.arrivals);
  const mean = rate === undefined ? 0 : (rate * expectedDuration) / 1000;
  // in a Poisson process, three deviations over the mean are rarely needed
  const open = Math.ceil(mean + 3 * Math.sqrt(mean) + 1);
  return Math.min(4096, plan.arrivals.kind === 'closed' ? plan.arrivals.concurrency : open);
}

function threadsFor(plan: LoadPlan, concurrency: number, duration: number): number {
  const lengths = plan.outputTokens;
  const tokens =
    lengths.kind === 'fixed' ? lengths.tokens : lengths.kind === 'uniform' ? (lengths.from + lengths.to) / 2 : 256;
  const tokensPerSecond = (concurrency * tokens * 1000) / Math.max(1, duration);
  return Math.min(availableParallelism(), Math.max(1, Math.ceil(tokensPerSecond / tokensOfOneThread)));
}

function together(threads: readonly Thread[]): Counters {
  const all = threads.map(thread => thread.counters());
  const sum = (name: keyof Counters) => all.reduce((total, one) => total + one[name], 0);
  return {
    sent: sum('sent'),
    ended: sum('ended'),
    errors: sum('errors'),
    running: sum('running'),
    tokens: sum('tokens'),
    longest: Math.max(...all.map(one => one.longest)),
  };
}

/** @returns whether the number of running requests had become steady before the longest time of the warm-up was over */
async function warmUp(threads: readonly Thread[], options: RunOptions, ended: Promise<unknown>): Promise<boolean> {
  const { least, most } = options.plan.warmUp;
  const running: number[] = [];
  const began = performance.now();
  for (;;) {
    await Promise.race([sleep(reportEvery), ended]);
    const seconds = (performance.now() - began) / 1000;
    const counters = together(threads);
    options.progress({ ...counters, phase: 'warm-up', seconds });
    if (options.signal.aborted) return false;
    running.push(counters.running);
    // the first answers begin together; only when the longest has ended do as many end as begin
    const span = Math.max(least, 1, counters.longest / 1000);
    const steady = counters.ended > 0 && seconds >= 2 * span && isSteady(running, (span * 1000) / reportEvery);
    if (steady || seconds >= most) return steady;
  }
}

/** Whether the mean of the last `length` differs from that of those before by no more than a tenth, or by one request. */
function isSteady(values: readonly number[], length: number): boolean {
  const mean = (from: number, to: number) => {
    const part = values.slice(from, to);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  };
  const half = Math.ceil(length);
  if (values.length < 2 * half) return false;
  const late = mean(values.length - half, values.length);
  return Math.abs(late - mean(values.length - 2 * half, values.length - half)) <= Math.max(1, late / 10);
}

async function measured(
  threads: readonly Thread[],
  options: RunOptions,
  ended: Promise<readonly Ended[]>,
  from: number,
  now: () => number,
): Promise<readonly Ended[]> {
  let waiting: readonly LoadSample[] = [];
  const stop = () => threads.forEach(thread => thread.tell({ kind: 'stop' }));
  const settle = (until?: number) => {
    const parts = threads.map(thread => thread.settled());
    const before = until ?? Math.min(...parts.map(part => part.until));
    const all = inOrder([...waiting, ...parts.flatMap(part => part.samples)]);
    waiting = all.filter(sample => sample.scheduledAt >= before);
    const ended = all.filter(sample => sample.scheduledAt < before);
    // threads report one after another: nobody knows yet what one of them has sent since
    const known = Math.min(...parts.map(part => part.at));
    const later = inOrder([...waiting, ...parts.flatMap(part => part.running)]);
    return { ended, later: later.filter(sample => sample.scheduledAt < known) };
  };
  let decided = false;
  const look = setInterval(() => {
    options.progress({ ...together(threads), phase: 'measured', seconds: (now() - from) / 1000 });
    if (options.wanted) {
      const part = options.wanted();
      threads.forEach(thread => thread.tell({ kind: 'thin', part }));
    }
    if (decided || !options.enough) return;
    const { ended, later } = settle();
    if (!options.enough(ended, later)) return;
    decided = true;
    stop();
  }, reportEvery);
  try {
    const result = await ended;
    if (!decided)
      options.enough?.(
        settle(Infinity).ended.filter(sample => !sample.cancelled),
        [],
      );
    return result;
  } finally {
    clearInterval(look);
  }
}

function inOrder<Sample extends RequestSample>(samples: readonly Sample[]): readonly Sample[] {
  return samples.toSorted((a, b) => a.scheduledAt - b.scheduledAt);
}

/** Gives the threads new headers whenever they change. A token that cannot be renewed does not end the load: it shows in the answers. */
function renewHeaders(threads: readonly Thread[], headers: () => Promise<RequestHeaders>) {
  let given = '';
  let failure: string | undefined;
  const timer = setInterval(() => {
    headers().then(
      fresh => {
        failure = undefined;
        if (JSON.stringify(fresh) === given) return;
        given = JSON.stringify(fresh);
        threads.forEach(thread => thread.tell({ kind: 'headers', headers: fresh }));
      },
      (error: Error) => (failure = `The token could not be renewed: ${error.message}`),
    );
  }, 1000);
  return { failure: () => failure, end: () => clearInterval(timer) };
}

function healthOf(samples: readonly LoadSample[], ended: readonly Ended[], cpu: number): GeneratorHealth {
  const late = Float64Array.from(samples, sample => sample.sentAt - sample.scheduledAt).sort();
  const lateness = {
    p50: percentile(late, 50) ?? 0,
    p99: percentile(late, 99) ?? 0,
    most: late.at(-1) ?? 0,
  };
  const loopDelay = {
    p99: Math.max(...ended.map(one => one.health.delayP99)),
    most: Math.max(...ended.map(one => one.health.delayMost)),
  };
  const busy = Math.max(...ended.map(one => one.health.busy));
  const first = samples.flatMap(one => (one.firstTokenAt === undefined ? [] : one.firstTokenAt - one.sentAt));
  // a twentieth of what is measured is noise to everyone who reads it, and 10 ms is what a busy machine does to every program
  const bound = Math.max(10, (percentile(Float64Array.from(first).sort(), 50) ?? 0) / 20);
  const figure = (value: number) => value.toFixed(1);
  const unsent = samples.filter(isUnsent);
  return {
    threads: ended.length,
    lateness,
    loopDelay,
    busy,
    cpu,
    ...(unsent[0] && { unsent: { requests: unsent.length, code: unsent[0].errorDetail! } }),
    // of no figures it cannot be the cause
    bottleneck:
      samples.length === 0
        ? []
        : [
            ...(unsent[0]
              ? [`This machine had no connection for ${unsent.length} requests (${unsent[0].errorDetail}).`]
              : []),
            ...(lateness.p99 > bound
              ? [`1 % of the requests were sent more than ${figure(lateness.p99)} ms late (bound ${figure(bound)} ms).`]
              : []),
            ...(loopDelay.p99 > bound
              ? [`The event loop was held up by ${figure(loopDelay.p99)} ms (p99, bound ${figure(bound)} ms).`]
              : []),
            ...(busy > mostBusy ? [`The event loop was busy ${Math.round(busy * 100)} % of the time.`] : []),
          ],
  };
}
