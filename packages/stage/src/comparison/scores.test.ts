import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparisonSchema } from './record.ts';
import type { Comparison, Contender, RateRun } from './record.ts';
import { scoreComparison, scoreNames } from './scores.ts';

const run = (rate: number, more: Partial<RateRun> = {}): RateRun => ({
  rate,
  seconds: 10,
  requests: 10 * rate,
  errors: 0,
  answeredPerSecond: rate,
  tokensPerSecond: 100 * rate,
  goodput: 100,
  timeToFirstToken: { mean: 100, p50: 100, p95: 200, p99: 200 },
  timePerOutputToken: { mean: 10, p50: 10, p95: 50, p99: 50 },
  held: true,
  busy: 2,
  memoryGiB: 4,
  generatorLateP99: 1,
  generatorBottleneck: false,
  clientMeans: {},
  ...more,
});

function contender(engine: Contender['engine'], rates: readonly number[], latency = 1): Contender {
  const distribution = (p95: number) => ({ mean: p95, p50: p95, p95, p99: p95 });
  return {
    engine,
    version: '1',
    command: [engine],
    from: 'packages',
    weights: { format: 'safetensors', digest: `sha256:${'0'.repeat(64)}` },
    result: {
      outcome: 'measured',
      searches: rates.map(rate => ({ startSeconds: 1, runs: [run(rate)], held: rate, missed: 1.2 * rate })),
      common: rates.map(() =>
        run(1, { timeToFirstToken: distribution(200 * latency), timePerOutputToken: distribution(50 * latency) }),
      ),
    },
  };
}

const comparison = (...contenders: Contender[]): Comparison => ({
  schemaVersion: 1,
  id: 'one',
  startedAt: '',
  finishedAt: '',
  machine: { label: 'here', processor: 'some', cores: 2, memoryGiB: 4 },
  model: { name: 'tiny', digest: `sha256:${'0'.repeat(64)}` },
  load: { promptTokens: 64, outputTokens: 100, arrivals: 'poisson', cache: 'cold', commonRate: 1 },
  objectives: { timeToFirstToken: 1000, timePerOutputToken: 100, goodput: 90 },
  notes: [],
  contenders,
});

test('the best engine has 100 and the others their part of it', () => {
  const [fast, slow] = scoreComparison(comparison(contender('vllm', [20]), contender('fastchat', [5], 4)));
  expect(fast?.figures.throughput).toEqual({ value: 2000, low: 2000, high: 2400 });
  expect(fast?.figures.latency?.value).toBe(100);
  // 2,000 tokens a second of two processors and 4 GiB
  expect(fast?.figures.efficiency?.value).toBe(250);
  expect([fast, slow].map(one => one?.scores.throughput?.value)).toEqual([100, 25]);
  expect(slow?.scores.throughput).toEqual({ value: 25, low: 25, high: 30 });
  expect(slow?.scores.latency?.value).toBe(25);
  expect(slow?.scores.efficiency?.value).toBe(25);
  expect(slow?.tied).toEqual({ throughput: [], latency: [], efficiency: [] });
});

test('engines whose intervals overlap are tied', () => {
  const [one, other] = scoreComparison(comparison(contender('vllm', [20]), contender('llamacpp', [18])));
  expect(one?.tied.throughput).toEqual(['llama.cpp']);
  expect(other?.tied.throughput).toEqual(['vLLM']);
  expect(other?.tied.efficiency).toEqual([]);
});

test('one that did not run is no zero, and one alone has figures without scores', () => {
  const gone: Contender = { ...contender('tgi', []), result: { outcome: 'did not run', reason: 'it ended with 1' } };
  const [alone, missing] = scoreComparison(comparison(contender('vllm', [20]), gone));
  expect(alone?.figures.throughput?.value).toBe(2000);
  expect(alone?.scores).toEqual({});
  expect(alone?.reason).toContain('nobody to score it against');
  expect(missing).toMatchObject({ scores: {}, figures: {}, reason: 'it ended with 1' });
});

test('an answer is as long as it was, not as the tokens of a short time make it seem', () => {
  const whole = contender('transformers', [20]);
  if (whole.result.outcome === 'measured') whole.result.searches[0]!.runs[0]!.tokensPerAnswer = 128;
  const [, one] = scoreComparison({
    ...comparison(contender('vllm', [20]), whole),
    load: { ...comparison().load, outputTokens: 128 },
  });
  expect(one?.figures.throughput?.value).toBe(2000);
});

test('short answers are another load', () => {
  const short = contender('transformers', [20]);
  const [, one] = scoreComparison({
    ...comparison(contender('vllm', [20]), short),
    load: { ...comparison().load, outputTokens: 128 },
  });
  expect(one?.scores).toEqual({});
  expect(one?.reason).toContain('Its answers had 100 tokens where 128 were asked for');
});

const stored = join(import.meta.dirname, '../../../../docs/comparisons');
test.each(readdirSync(stored).filter(name => name.endsWith('.json')))('the stored record %s is one', name => {
  const record = comparisonSchema.parse(JSON.parse(readFileSync(join(stored, name), 'utf8')));
  expect(`${record.id}.json`).toBe(name);
});

test('the engines on two processors have the same order in two comparisons', () => {
  const orders = ['2026-11-30-cpu-2-cores', '2026-11-30-cpu-2-cores-again'].map(name => {
    const record = comparisonSchema.parse(JSON.parse(readFileSync(join(stored, `${name}.json`), 'utf8')));
    const scored = scoreComparison(record).filter(({ scores }) => scores.throughput !== undefined);
    return scoreNames.map(score =>
      scored.toSorted((one, other) => other.scores[score]!.value - one.scores[score]!.value).map(({ title }) => title),
    );
  });
  expect(orders[0]?.map(order => order.length)).toEqual([4, 4, 4]);
  expect(orders[1]).toEqual(orders[0]);
});

test('a repeat that held no rate is the lower end, and ties with every slower engine', () => {
  const unsteady = contender('vllm', [20, 20]);
  if (unsteady.result.outcome === 'measured')
    unsteady.result.searches[0] = { startSeconds: 1, runs: [run(0.5, { held: false })], missed: 0.5 };
  const [one, other] = scoreComparison(comparison(unsteady, contender('fastchat', [5, 5])));
  expect(one?.figures.throughput).toEqual({ value: 2000, low: 0, high: 2400 });
  expect(one?.scores.throughput).toEqual({ value: 100, low: 0, high: 120 });
  expect(one?.figures.efficiency?.low).toBe(0);
  expect(other?.tied.throughput).toEqual(['vLLM']);
});

test('efficiency is that of engines that had just started, whatever they were sent before in a search', () => {
  const grown = contender('vllm', [20, 20]);
  const fresh = contender('fastchat', [20, 20]);
  if (grown.result.outcome === 'measured') {
    grown.result.searches[1]!.runs = [run(20, { memoryGiB: 16 })];
    grown.result.highest = [run(20), run(20, { memoryGiB: 5 })];
  }
  const [one, other] = scoreComparison(comparison(grown, fresh));
  // 2000 tokens a second by 2 processors and 4 or 5 GiB
  expect(one?.figures.efficiency).toMatchObject({ low: 200, high: 250 });
  expect(other?.figures.efficiency).toMatchObject({ value: 250 });
});

test('two versions of an engine have names of their own, and can tie', () => {
  const [one, other] = scoreComparison(
    comparison(contender('vllm', [20]), { ...contender('vllm', [20]), version: '2' }),
  );
  expect([one?.title, other?.title]).toEqual(['vLLM (1)', 'vLLM (2)']);
  expect(one?.tied.throughput).toEqual(['vLLM (2)']);
});

test('a score that is missing has its reason', () => {
  const common = (all: RateRun[]): Contender => {
    const given = contender('fastchat', [5]);
    return given.result.outcome === 'measured' ? { ...given, result: { ...given.result, common: all } } : given;
  };
  const reason = (all: RateRun[]) => scoreComparison(comparison(contender('vllm', [20]), common(all)))[1]?.reason;
  expect(reason([])).toBe('It has no score of latency: it did not get the load that all engines get.');
  const { timeToFirstToken, ...failed } = run(1);
  expect(timeToFirstToken).toBeDefined();
  expect(reason([failed])).toContain('of the load that all engines got it answered no request');
  const atOnce = run(1, { timePerOutputToken: { mean: 0, p50: 0, p95: 0, p99: 0 } });
  expect(reason([atOnce])).toContain('in one piece, which has no time per token');
  const [, one] = scoreComparison(comparison(contender('vllm', [20]), common([atOnce])));
  expect(one?.scores.latency).toBeUndefined();
  const waits = contender('fastchat', []);
  expect(scoreComparison(comparison(contender('vllm', [20]), waits))[1]?.reason).toContain(
    'interrupted before its turn',
  );
});

test('engines with different weights are no record', () => {
  const other = contender('fastchat', [5]);
  const weights = { format: 'safetensors', digest: `sha256:${'1'.repeat(64)}` };
  const read = (...contenders: Contender[]) =>
    comparisonSchema.safeParse(comparison(contender('vllm', [20]), ...contenders));
  expect(read({ ...other, weights }).error?.issues[0]?.message).toContain('different weights');
  // of another format nobody can say it by the digest
  expect(read({ ...other, weights: { ...weights, format: 'gguf' } }).success).toBe(true);
});
