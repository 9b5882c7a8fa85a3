import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openInference } from '@fairway/clients/inference/index';
import { engineProfile, histogramTotals, liveMetrics } from '@fairway/engines';
import type { HistogramTotal } from '@fairway/engines';
import { answered, timePerOutputToken, timeToFirstToken } from '@fairway/indicators';
import type { Answered } from '@fairway/indicators';
import { figuresOf, Patience, probe, runLoad } from '@fairway/load';
import type { Distribution, LoadPlan, LoadResult, LoadSample, Probed } from '@fairway/load';
import type { EngineName } from '@fairway/service';
import type { Comparison, RateRun } from '@fairway/stage/comparison/record';
import type { RunningEngine } from './running-engine.ts';

export interface MeasuredLoad {
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Seconds of one rate, and requests that it has at least. */
  readonly seconds: number;
  readonly requests: number;
  readonly objectives: Comparison['objectives'];
  /** Milliseconds until one request is given up. */
  readonly timeout: number;
}

/** Sends one rate after another to one running engine. */
export class EngineMeasurement {
  readonly #engine: RunningEngine;
  readonly #name: EngineName;
  readonly #load: MeasuredLoad;
  readonly #probed: Probed;

  private constructor(engine: RunningEngine, name: EngineName, load: MeasuredLoad, probed: Probed) {
    this.#engine = engine;
    this.#name = name;
    this.#load = load;
    this.#probed = probed;
  }

  /** Asks the engine a few times: what it takes, and how many words make a token. */
  static async open(engine: RunningEngine, name: EngineName, load: MeasuredLoad): Promise<EngineMeasurement> {
    const { endsStreamWithDone } = engineProfile(name);
    const endpoint = openInference(engine.url);
    try {
      const probed = await probe(endpoint, {
        request: {
          api: 'chat',
          model: engine.model,
          stream: true,
          usage: endsStreamWithDone,
          end: endsStreamWithDone ? 'done' : 'finish',
          extra: {},
        },
        outputTokens: load.outputTokens,
        // answers of the length asked for, where the engine can
        optional: { ignore_eos: true },
        headers: {},
        timeout: load.timeout,
        // the engine was waited for
        patience: new Patience({ startsWithin: 0, says: () => {} }),
      });
      return new EngineMeasurement(engine, name, load, probed);
    } finally {
      endpoint.close();
    }
  }

  /** @param whole whether it goes on when the objectives are missed for certain */
  async run(rate: number, whole: boolean, signal: AbortSignal): Promise<RateRun> {
    const { seconds, requests, objectives } = this.#load;
    const plan = this.#plan(rate, Math.max(seconds, requests / rate));
    const mayBeBad = (1 - objectives.goodput / 100) * Math.max(rate * seconds, requests);
    let bad = 0;
    const begun = performance.now();
    const before = { use: await this.#engine.use(), totals: await this.#totals() };
    let memory = before.use.memoryGiB;
    const watch = new AbortController();
    const watched = this.#mostMemory(watch.signal, value => (memory = Math.max(memory, value)));
    const result = await runLoad({
      url: this.#engine.url,
      plan,
      headers: async () => ({}),
      expectedDuration: this.#probed.duration,
      signal,
      progress: () => {},
      enough: ended => {
        bad += ended.filter(sample => this.#quality(sample) === 'bad').length;
        return !whole && bad > mayBeBad;
      },
    });
    watch.abort();
    await watched;
    signal.throwIfAborted();
    const after = await this.#engine.use();
    const elapsed = (performance.now() - begun) / 1000;
    // the histograms of an engine follow the end of a stream by a moment
    await sleep(300);
    const totals = await this.#totals();
    return this.#figures(rate, result, {
      busy: (after.busySeconds - before.use.busySeconds) / elapsed,
      memoryGiB: Math.max(memory, after.memoryGiB),
      engineMeans: before.totals && totals && meansOf(before.totals, totals),
    });
  }

  #quality(sample: LoadSample): Answered {
    const { timeToFirstToken: first, timePerOutputToken: pace } = this.#load.objectives;
    const quality = answered(sample);
    if (quality !== 'good') return quality;
    const late = timeToFirstToken(sample, first)! > first;
    return late || (timePerOutputToken(sample) ?? Infinity) > pace ? 'bad' : 'good';
  }

  #plan(rate: number, seconds: number): LoadPlan {
    const { promptTokens, outputTokens, timeout } = this.#load;
    // before it is measured the load runs until as many answers end as begin
    const answer = this.#probed.duration / 1000;
    return {
      arrivals: { kind: 'open', burstiness: 1, segments: [{ from: rate, to: rate, seconds }] },
      promptTokens: { kind: 'fixed', tokens: promptTokens },
      outputTokens: { kind: 'fixed', tokens: outputTokens },
      turns: 1,
      thinkSeconds: 0,
      seed: 1,
      salt: randomBytes(6).toString('hex'),
      wordsPerToken: this.#probed.wordsPerToken,
      request: this.#probed.request,
      warmUp: { least: 1, most: Math.max(3, 3 * answer) },
      timeout,
      server: 'engine',
    };
  }

  async #mostMemory(signal: AbortSignal, seen: (memoryGiB: number) => void): Promise<void> {
    while (!signal.aborted) {
      await sleep(1000, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) seen((await this.#engine.use()).memoryGiB);
    }
  }

  /** What its metrics are called other than Fairway knows, a sentence each: figures of its own may be missing for that. */
  async renamedMetrics(): Promise<readonly string[]> {
    const text = await this.#exposed();
    return text === undefined ? [] : liveMetrics(this.#name, text).differences;
  }

  async #exposed(): Promise<string | undefined> {
    const { metricsPath } = engineProfile(this.#name);
    if (metricsPath === undefined) return undefined;
    const answer = await fetch(`${this.#engine.url}${metricsPath}`);
    const text = await answer.text();
    return answer.ok ? text : undefined;
  }

  async #totals(): Promise<Totals | undefined> {
    const text = await this.#exposed();
    if (text === undefined) return undefined;
    const { metrics } = liveMetrics(this.#name, text);
    if (!metrics.timeToFirstToken) return undefined;
    const of = (name: string | undefined) => (name === undefined ? undefined : histogramTotals(text, name));
    return { timeToFirstToken: of(metrics.timeToFirstToken), interTokenLatency: of(metrics.interTokenLatency) };
  }

  #figures(rate: number, result: LoadResult, engine: Pick<RateRun, 'busy' | 'memoryGiB' | 'engineMeans'>): RateRun {
    const { objectives } = this.#load;
    const { samples, rates, generator } = result;
    const events = samples.filter(sample => this.#quality(sample) !== 'none');
    const good = events.filter(sample => this.#quality(sample) === 'good');
    const goodput = events.length === 0 ? 0 : (100 * good.length) / events.length;
    const figures = figuresOf(result);
    const seconds = (result.to - result.from) / 1000;
    const whole = samples.flatMap(({ error, cancelled, tokens }) => (error || cancelled ? [] : (tokens ?? [])));
    return {
      rate,
      seconds: round(seconds),
      requests: samples.length,
      errors: samples.filter(sample => sample.error !== undefined).length,
      answeredPerSecond: round(rates.answered),
      tokensPerSecond: round(rates.tokens),
      tokensPerAnswer: whole.length === 0 ? undefined : round(whole.reduce((sum, one) => sum + one, 0) / whole.length),
      goodput: round(goodput),
      timeToFirstToken: digest(figures.ttftFromScheduled),
      timePerOutputToken: digest(figures.tpot),
      interTokenLatency: digest(figures.itl),
      held: goodput >= objectives.goodput,
      generatorBottleneck: generator.bottleneck.length > 0,
      generatorLateP99: round(generator.lateness.p99),
      clientMeans: {
        timeToFirstToken: figures.ttftFromSent && round(figures.ttftFromSent.mean),
        interTokenLatency: figures.itl && round(figures.itl.mean),
      },
      busy: round(engine.busy),
      memoryGiB: round(engine.memoryGiB),
      engineMeans: engine.engineMeans,
    };
  }
}

interface Totals {
  readonly timeToFirstToken: HistogramTotal | undefined;
  readonly interTokenLatency: HistogramTotal | undefined;
}

/** Means in milliseconds of what came between two looks; the warm-up is in them. */
function meansOf(before: Totals, after: Totals): RateRun['engineMeans'] {
  const mean = (name: keyof Totals) => {
    const [from, to] = [before[name], after[name]];
    const count = (to?.count ?? 0) - (from?.count ?? 0);
    return to && count > 0 ? round((1000 * (to.sum - (from?.sum ?? 0))) / count) : undefined;
  };
  return {
    requests: (after.timeToFirstToken?.count ?? 0) - (before.timeToFirstToken?.count ?? 0),
    timeToFirstToken: mean('timeToFirstToken'),
    interTokenLatency: mean('interTokenLatency'),
  };
}

function digest(of: Distribution | undefined): RateRun['timeToFirstToken'] {
  return of && { mean: round(of.mean), p50: round(of.p50), p95: round(of.p95), p99: round(of.p99) };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
