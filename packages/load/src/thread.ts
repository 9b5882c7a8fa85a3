import { Worker } from 'node:worker_threads';
import { openInference } from '@fairway/clients/inference/index';
import type { LoadPlan, Share } from './load-plan.ts';
import { Sender } from './sender.ts';
import type { Counters, RequestHeaders, SentLoad, Settled } from './sender.ts';
import type { LoadSample } from './sample.ts';
import { openTokenizer } from './tokenizer.ts';
import { sharedClock, watchLoop } from './watch.ts';
import type { LoopHealth } from './watch.ts';

export interface ThreadInput {
  readonly url: string;
  readonly plan: LoadPlan;
  readonly share: Share;
  readonly headers: RequestHeaders;
  /** Opened before the load begins. */
  readonly connections: number;
}

export type ThreadMessage =
  | { readonly kind: 'begin' }
  /** When the measured part begins, on the clock that all threads share. */
  | { readonly kind: 'measure'; readonly from: number }
  | { readonly kind: 'headers'; readonly headers: RequestHeaders }
  | { readonly kind: 'thin'; readonly part: number }
  | { readonly kind: 'stop' };

export type ToWorker = ThreadMessage | { readonly kind: 'connect' };

export type FromWorker =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'counters'; readonly counters: Counters; readonly settled: Settled }
  | { readonly kind: 'ended'; readonly ended: Ended };

export interface Ended extends SentLoad {
  readonly health: LoopHealth;
}

/** A sender, in this thread or in one of its own. */
export interface Thread {
  /** Opens its connections: once all threads have read their files, for which no open file may be left then. */
  connect(): Promise<void>;
  tell(message: ThreadMessage): void;
  counters(): Counters;
  settled(): Settled;
  /** Rejects when the thread breaks. */
  readonly ended: Promise<Ended>;
}

/** Milliseconds between two reports of a thread. */
export const reportEvery = 250;

/** A sender in this thread. */
export async function ownThread(input: ThreadInput): Promise<Thread> {
  const now = sharedClock();
  const endpoint = openInference(input.url, { now });
  const count = input.plan.tokenizer === undefined ? undefined : await openTokenizer(input.plan.tokenizer);
  const sender = new Sender(endpoint, input.plan, input.share, input.headers, now, count);
  let health = watchLoop();
  return {
    connect: () => endpoint.warm(input.connections, undefined, input.headers['host']),
    tell(message) {
      switch (message.kind) {
        case 'begin':
          return sender.begin();
        case 'headers':
          return sender.use(message.headers);
        case 'thin':
          return sender.thin(message.part);
        case 'stop':
          return sender.stop();
        case 'measure':
          health();
          health = watchLoop();
          return sender.measureFrom(message.from);
      }
    },
    counters: () => sender.counters(),
    settled: () => sender.settled(),
    ended: sender.sent.then(sent => {
      endpoint.close();
      return { ...sent, health: health() };
    }),
  };
}

/** A sender in a thread of its own. Node runs its TypeScript as it is. */
export function workerThread(input: ThreadInput): Promise<Thread> {
  // in a bundle it is a file of its own beside this one
  const file = import.meta.url.endsWith('.ts') ? './load-worker.ts' : './load-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData: input });
  let counters: Counters = { sent: 0, ended: 0, errors: 0, running: 0, tokens: 0, longest: 0 };
  let last: Omit<Settled, 'samples'> = { until: -Infinity, running: [], at: -Infinity };
  let samples: LoadSample[] = [];
  const settled = (): Settled => {
    const news = samples;
    samples = [];
    return { ...last, samples: news };
  };
  const order = (message: ToWorker) => worker.postMessage(message);
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    const ended = new Promise<Ended>((end, broken) => {
      worker.once('error', broken);
      worker.on('message', (message: FromWorker) => {
        switch (message.kind) {
          case 'loaded':
            return resolve({ connect, tell: order, counters: () => counters, settled, ended });
          case 'counters':
            counters = message.counters;
            last = message.settled;
            samples.push(...message.settled.samples);
            return;
          case 'ended':
            return end(message.ended);
        }
      });
    });
    const connect = () =>
      new Promise<void>((connected, broken) => {
        worker.once('error', broken);
        worker.on('message', ({ kind }: FromWorker) => kind === 'connected' && connected());
        order({ kind: 'connect' });
      });
    // what breaks before it is loaded is reported once, by the other promise
    ended.catch(reject);
  });
}
