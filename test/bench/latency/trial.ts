/** One run of load from inside the platform's network: the argument is a Trial as JSON, the last line of the output a Measured. */
import { openInference } from '@fairway/clients/inference/index';
import { percentile } from '@fairway/indicators';
import { figuresOf, runLoad } from '@fairway/load';
import { servicePlan } from '@fairway/load/service-plan';
import { loadService } from '@fairway/service';

export interface Trial {
  readonly folder: string;
  readonly url: string;
  readonly hostname: string;
  readonly token: string;
  /** Open at a time, in the mean: requests arrive at random, as those of independent users do. */
  readonly streams: number;
  readonly seconds: number;
  /** Milliseconds of the engine. */
  readonly pace: { readonly first: number; readonly gap: number };
  /**
   * Requests of one token, one after the other, instead of streams: all alike, so that the cache answers (`hit`), or such as the cache is not asked
   * about (`past`).
   */
  readonly sequence?: 'hit' | 'past';
}

/** Milliseconds. */
interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

export interface Measured {
  readonly requests: number;
  readonly failed: number;
  readonly ttft: Percentiles;
  readonly tpot: Percentiles;
  readonly duration: Percentiles;
  readonly bottleneck: readonly string[];
}

const nothing: Percentiles = { p50: Number.NaN, p99: Number.NaN };
const path = '/v1/chat/completions';
/** As in the bench of the load generator. */
const tokens = 50;

async function main(trial: Trial): Promise<Measured> {
  const headers = { host: trial.hostname, authorization: `Bearer ${trial.token}` };
  const endpoint = openInference(trial.url);
  const signal = new AbortController().signal;
  const ask = (content: string, more: object = {}) =>
    endpoint.call(
      'POST',
      path,
      JSON.stringify({ model: 'hello-tiny', max_tokens: 1, messages: [{ role: 'user', content }], ...more }),
      { headers, signal },
    );
  try {
    await ask(`fault: first=${trial.pace.first} gap=${trial.pace.gap}`);
    if (trial.sequence === 'hit') return await sequence(() => ask('What is asked again.', { temperature: 0 }), 'hit');
    if (trial.sequence === 'past') return await sequence(() => ask('What is asked.'), undefined);
  } finally {
    endpoint.close();
  }
  const service = await loadService(trial.folder);
  const milliseconds = trial.pace.first + (tokens - 1) * trial.pace.gap;
  const rate = (1000 * trial.streams) / milliseconds;
  const result = await runLoad({
    url: trial.url,
    plan: {
      ...servicePlan(service, trial.seconds, 1, { least: 2, most: 5 }),
      arrivals: { kind: 'open', burstiness: 1, segments: [{ from: rate, to: rate, seconds: trial.seconds }] },
      outputTokens: { kind: 'fixed', tokens },
    },
    headers: async () => headers,
    expectedDuration: milliseconds,
    threads: 1,
    signal,
    progress: () => undefined,
  });
  const { ttftFromSent = nothing, tpot = nothing, duration = nothing } = figuresOf(result);
  return {
    requests: result.samples.length,
    failed: result.samples.filter(({ error }) => error).length,
    ttft: ttftFromSent,
    tpot,
    duration,
    bottleneck: result.generator.bottleneck,
  };
}

/** Whole answers, one after the other: those that the cache says so of. */
async function sequence(
  ask: () => Promise<{ readonly headers: Readonly<Record<string, unknown>> }>,
  wanted: 'hit' | undefined,
): Promise<Measured> {
  const times: number[] = [];
  for (let asked = 0; times.length < 500; asked += 1) {
    const began = performance.now();
    const { headers } = await ask();
    if (headers['x-fairway-cache'] === wanted) times.push(performance.now() - began);
    else if (asked > 100 && times.length === 0) throw new Error(`No answer of the cache is ${wanted ?? 'left out'}.`);
  }
  const sorted = Float64Array.from(times).sort();
  const duration = { p50: percentile(sorted, 50)!, p99: percentile(sorted, 99)! };
  return { requests: times.length, failed: 0, ttft: nothing, tpot: nothing, duration, bottleneck: [] };
}

if (process.argv[1] === import.meta.filename)
  process.stdout.write(`${JSON.stringify(await main(JSON.parse(process.argv[2]!) as Trial))}\n`);
