import { requestBody } from '@fairway/clients/inference/index';
import type { Exchange, InferenceEndpoint, Message } from '@fairway/clients/inference/index';
import { secondsOf } from './arrivals.ts';
import { plannedRequests } from './load-plan.ts';
import type { LoadPlan, Phase, PlannedRequest, Share } from './load-plan.ts';
import { sampleOf } from './sample.ts';
import type { RequestSample } from '@fairway/indicators';
import type { LoadSample } from './sample.ts';
import type { CountTokens } from './tokenizer.ts';

export type RequestHeaders = Readonly<Record<string, string>>;

/** What was sent so far, the warm-up included. */
export interface Counters {
  readonly sent: number;
  readonly ended: number;
  readonly errors: number;
  readonly running: number;
  readonly tokens: number;
  /** Milliseconds of the longest answer without an error; 0 before there is one. */
  readonly longest: number;
}

/** Measured requests up to a time at which none that was due before it still runs. */
export interface Settled {
  /** On the clock that all senders of a run share. */
  readonly until: number;
  /** Those that ended since this was asked last; some may be due after `until`. */
  readonly samples: readonly LoadSample[];
  /** Those that run, as if they were cancelled `at`. */
  readonly running: readonly RequestSample[];
  /** When this was so. */
  readonly at: number;
}

export interface SentLoad {
  /** All measured requests in the order in which they were due. */
  readonly samples: readonly LoadSample[];
  /** Requests of the warm-up whose answers ended in the measured part: they are part of its rates and of nothing else. */
  readonly before: readonly LoadSample[];
}

/** Milliseconds, about 24.8 days: the longest that a timer of Node waits. */
const longestTimer = 2 ** 31 - 1;

/** Milliseconds after which a user of a closed loop tries again: errors come at once, and would be sent as fast as this machine can. */
const afterError = 1000;

interface Due {
  readonly scheduledAt: number;
  readonly sentAt: number;
  readonly measured: boolean;
}

function asCancelled({ scheduledAt, sentAt }: Due, exchange: Exchange, endedAt: number): RequestSample {
  const firstTokenAt = exchange.firstTokenAt();
  return { scheduledAt, sentAt, firstTokenAt, endedAt, tokensBy: 'chunks', gaps: [], cancelled: true };
}

/**
 * Sends a share of a plan from one event loop: the warm-up until it is given the time at which the measured part begins, then that,
 * until all measured requests have ended.
 */
export class Sender {
  readonly sent: Promise<SentLoad>;
  readonly #endpoint: InferenceEndpoint;
  readonly #plan: LoadPlan;
  readonly #share: Share;
  readonly #now: () => number;
  readonly #count: CountTokens | undefined;
  #headers: RequestHeaders;
  readonly #running = new Map<Exchange, Due>();
  /** When each is due. */
  readonly #timers = new Map<NodeJS.Timeout, number>();
  readonly #samples: LoadSample[] = [];
  readonly #before: LoadSample[] = [];
  readonly #tally = { sent: 0, ended: 0, errors: 0, tokens: 0, longest: 0 };
  /** Samples that `settled` has given. */
  #given = 0;
  /** Share of the planned requests that is sent. */
  #part = 1;
  #phase: Phase = 'warm-up';
  #requests: Iterator<PlannedRequest>;
  #stopped = false;
  /** When the phase began, and when no more is sent. */
  #begin = 0;
  #end = Infinity;
  /** Measured requests and turns that have not ended. */
  #open = 0;
  #finish!: () => void;

  /**
   * @param now milliseconds of the clock that all senders of a run share
   * @param count counts the tokens of answers whose engine does not
   */
  constructor(
    endpoint: InferenceEndpoint,
    plan: LoadPlan,
    share: Share,
    headers: RequestHeaders,
    now: () => number,
    count?: CountTokens,
  ) {
    this.#endpoint = endpoint;
    this.#plan = plan;
    this.#share = share;
    this.#headers = headers;
    this.#now = now;
    this.#count = count;
    this.#requests = plannedRequests(plan, 'warm-up', share);
    this.sent = new Promise(resolve => {
      this.#finish = () =>
        resolve({ samples: this.#samples.sort((a, b) => a.scheduledAt - b.scheduledAt), before: this.#before });
    });
  }

  /** Begins the warm-up. */
  begin(): void {
    this.#begin = this.#now();
    const { arrivals } = this.#plan;
    if (arrivals.kind !== 'closed') return this.#schedule();
    const users = Math.ceil((arrivals.concurrency - this.#share.index) / this.#share.of);
    // users do not begin all at once, or their requests would stay in step
    for (let user = 0; user < users; user++) this.#at(this.#begin + (1000 * user) / users, () => this.#nextOfUser());
  }

  /** @param begin when the measured part begins, on the clock of the run */
  measureFrom(begin: number): void {
    const requests = plannedRequests(this.#plan, 'measured', this.#share);
    this.#at(begin, () => {
      this.#phase = 'measured';
      this.#requests = requests;
      this.#begin = begin;
      this.#end = begin + secondsOf(this.#plan.arrivals) * 1000;
      this.#open++;
      this.#at(this.#end, () => this.#closeOne());
      if (this.#plan.arrivals.kind !== 'closed') this.#schedule();
    });
  }

  use(headers: RequestHeaders): void {
    this.#headers = headers;
  }

  /** Sends only a share of what is planned from now on, 0 to 1. */
  thin(part: number): void {
    this.#part = part;
  }

  counters(): Counters {
    return { ...this.#tally, running: this.#running.size };
  }

  settled(): Settled {
    const samples = this.#samples.slice(this.#given);
    this.#given = this.#samples.length;
    const at = this.#now();
    const running = [...this.#running].flatMap(([exchange, due]) =>
      due.measured ? [asCancelled(due, exchange, at)] : [],
    );
    let until = at;
    for (const { scheduledAt } of this.#running.values()) until = Math.min(until, scheduledAt);
    // what is due and not sent, because this thread was held up, comes later
    for (const time of this.#timers.values()) until = Math.min(until, time);
    return { until, samples, running, at };
  }

  /** Sends no more and cancels what runs; what was measured until now is the result. */
  stop(): void {
    this.#stopped = true;
    this.#end = -Infinity;
    for (const timer of this.#timers.keys()) clearTimeout(timer);
    for (const exchange of this.#running.keys()) exchange.cancel();
    setImmediate(this.#finish);
  }

  /** Open loop: sends what is due, and builds the next request while there is time. */
  #schedule(): void {
    const requests = this.#requests;
    for (let next = requests.next(); !next.done; next = requests.next()) {
      const request = next.value;
      const scheduledAt = this.#begin + request.at;
      const body = this.#bodyOf(request, request.messages);
      const send = () => {
        if (this.#part === 1 || Math.random() < this.#part) this.#send(request, 0, scheduledAt, request.messages, body);
      };
      if (scheduledAt > this.#now()) {
        return this.#at(scheduledAt, () => {
          // the warm-up ends with the begin of the measured part, whatever it had planned
          if (requests !== this.#requests || this.#stopped) return;
          send();
          this.#schedule();
        });
      }
      send();
    }
  }

  /** Closed loop: a user's next request is due as soon as the last one was answered. */
  #nextOfUser(): void {
    const scheduledAt = this.#now();
    if (scheduledAt >= this.#end) return;
    const { value: request } = this.#requests.next() as IteratorYieldResult<PlannedRequest>;
    const body = this.#bodyOf(request, request.messages);
    this.#send(request, 0, scheduledAt, request.messages, body);
  }

  #send(request: PlannedRequest, turn: number, scheduledAt: number, messages: readonly Message[], body: string): void {
    const { request: shape, timeout, turns } = this.#plan;
    const measured = this.#phase === 'measured';
    const exchange = this.#endpoint.exchange({
      api: shape.api,
      body,
      headers: this.#headers,
      timeout,
      end: shape.end,
      wantsText: turns > 1 || this.#count !== undefined,
    });
    this.#running.set(exchange, { scheduledAt, sentAt: this.#now(), measured });
    this.#tally.sent++;
    if (measured) this.#open++;
    void exchange.outcome.then(outcome => {
      this.#running.delete(exchange);
      const sample = sampleOf(
        request.index,
        turn,
        scheduledAt,
        request.outputTokens,
        outcome,
        this.#plan.server,
        this.#count,
      );
      this.#tally.ended++;
      this.#tally.tokens += sample.tokens ?? 0;
      if (sample.error) this.#tally.errors++;
      else if (!sample.cancelled) this.#tally.longest = Math.max(this.#tally.longest, sample.endedAt - sample.sentAt);
      if (measured) this.#samples.push(sample);
      else if (this.#phase === 'measured') this.#before.push(sample);
      const goesOn = turn + 1 < turns && !sample.error && !sample.cancelled;
      // as clients do: the chat templates of models that think leave reasoning out of what was said before
      if (goesOn) this.#converse(request, turn + 1, [...messages, { role: 'assistant', content: outcome.answer }]);
      else if (this.#plan.arrivals.kind === 'closed')
        this.#afterThinking(() => this.#nextOfUser(), sample.error ? afterError : 0);
      if (measured) this.#closeOne();
    });
  }

  #converse(request: PlannedRequest, turn: number, history: readonly Message[]): void {
    this.#afterThinking(scheduledAt => {
      const again = { role: 'user' as const, content: `And ${turn}? ${request.messages.at(-1)!.content}` };
      const messages = [...history, again];
      this.#send(request, turn, scheduledAt, messages, this.#bodyOf(request, messages));
    });
  }

  /** @param least milliseconds that pass in any case */
  #afterThinking(then: (scheduledAt: number) => void, least = 0): void {
    const thinks = this.#plan.turns > 1 ? this.#plan.thinkSeconds * 1000 : 0;
    const scheduledAt = this.#now() + Math.max(thinks, least);
    if (scheduledAt >= this.#end) return;
    const measured = this.#phase === 'measured';
    if (measured) this.#open++;
    this.#at(scheduledAt, () => {
      then(scheduledAt);
      if (measured) this.#closeOne();
    });
  }

  #bodyOf({ index, outputTokens }: PlannedRequest, messages: readonly Message[]): string {
    const { models = [], ...shape } = this.#plan.request;
    const model = models[index % (models.length || 1)] ?? shape.model;
    return requestBody({ ...shape, model, messages, maxTokens: outputTokens });
  }

  #closeOne(): void {
    if (--this.#open === 0) this.#finish();
  }

  /** Never early: a timer may fire a little before its time, and one that is too long for Node fires at once. */
  #at(time: number, then: () => void): void {
    const wait = time - this.#now();
    if (wait <= 0) return then();
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#at(time, then);
      },
      Math.min(Math.ceil(wait), longestTimer),
    );
    this.#timers.set(timer, time);
  }
}
