import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { comparisonSchema } from '@fairway/stage/comparison/record';
import type { Comparison, Contender } from '@fairway/stage/comparison/record';
import { compareEngines } from './compare-engines.ts';
import type { ComparisonPlan } from './compare-engines.ts';
import type { StartableEngine } from './running-engine.ts';

const outputTokens = 4;
const digest = `sha256:${'0'.repeat(64)}`;

/** Answers with the tokens that are asked for, the first of them after a time, and counts how often it was started. */
function paced(engine: StartableEngine['engine'], starts: string[], firstMs = 0, metrics = ''): StartableEngine {
  return {
    engine,
    version: '1',
    command: [engine],
    from: 'this test',
    weights: { format: 'safetensors', digest },
    async start() {
      starts.push(engine);
      const server = http.createServer((request, response) => {
        request.resume();
        if (request.url === '/metrics') return void response.end(metrics);
        request.on('end', () => {
          setTimeout(() => {
            response.writeHead(200, { 'content-type': 'text/event-stream' });
            const event = (value: unknown) => response.write(`data: ${JSON.stringify(value)}\n\n`);
            for (let at = 0; at < outputTokens; at++) event({ choices: [{ index: 0, delta: { content: ` t${at}` } }] });
            event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: outputTokens } });
            response.end('data: [DONE]\n\n');
          }, firstMs);
        });
      });
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        model: 'tiny',
        startSeconds: 0,
        use: async () => ({ busySeconds: 1, memoryGiB: 1 }),
        async stop() {
          server.closeAllConnections();
          server.close();
        },
      };
    },
  };
}

function plan(engines: readonly StartableEngine[], more: Partial<ComparisonPlan> = {}) {
  const saved: Comparison[] = [];
  const lines: string[] = [];
  const given: ComparisonPlan = {
    id: 'one',
    machine: { label: 'here', processor: 'some', cores: 2, memoryGiB: 4 },
    model: { name: 'tiny', digest },
    notes: [],
    engines,
    load: {
      promptTokens: 4,
      outputTokens,
      seconds: 0.2,
      requests: 2,
      objectives: { timeToFirstToken: 1000, timePerOutputToken: 1000, goodput: 50 },
      timeout: 5000,
    },
    rates: { start: 20, least: 20, most: 20, refinements: 0 },
    repeats: 1,
    signal: new AbortController().signal,
    say: line => lines.push(line),
    save: async comparison => void saved.push(structuredClone(comparison)),
    ...more,
  };
  return { given, saved, lines };
}

const measurements = ({ contenders }: Comparison) =>
  contenders.map(({ result }: Contender) =>
    result.outcome === 'measured'
      ? [result.searches.length, result.common.length, result.highest?.length]
      : result.reason,
  );

test('engines are measured in turn, and an interrupted comparison goes on where it ended', async () => {
  const abort = new AbortController();
  const starts: string[] = [];
  const engines = [paced('fastchat', starts), paced('transformers', starts)];
  const first = plan(engines, { signal: abort.signal });
  const { save } = first.given;
  // after the first round and what the engine that begins the second gets in it
  await expect(
    compareEngines({
      ...first.given,
      async save(comparison) {
        await save(comparison);
        if (first.saved.length === 4) abort.abort();
      },
    }),
  ).rejects.toThrow();
  const earlier = comparisonSchema.parse(JSON.parse(JSON.stringify(first.saved.at(-1))));
  expect(measurements(earlier)).toEqual([
    [1, 0, 0],
    [1, 1, 1],
  ]);
  const second = plan(engines, { id: 'of another day', earlier });
  const comparison = await compareEngines(second.given);
  expect(second.lines[0]).toMatch(/^going on with the comparison that was interrupted .*: measured so far: 4$/);
  // a search, and the common load and the highest rate in the second and third round
  expect(measurements(comparison)).toEqual([
    [1, 2, 2],
    [1, 2, 2],
  ]);
  const [{ result }] = comparison.contenders as [Contender];
  expect(result.outcome === 'measured' && result.highest?.map(({ rate }) => rate)).toEqual([20, 20]);
  // the first differs from round to round; what was measured is not started again
  expect(starts).toEqual(['fastchat', 'transformers', 'transformers', 'fastchat', 'fastchat', 'transformers']);
  // 0.8 of the lowest rate that was held
  expect(comparison).toMatchObject({ id: 'one', startedAt: earlier.startedAt, load: { commonRate: 16 } });
  expect(comparison.unfinished).toBeUndefined();
  expect(second.saved.every(one => one.unfinished === earlier.unfinished)).toBe(true);
  expect(comparisonSchema.parse(comparison)).toEqual(JSON.parse(JSON.stringify(comparison)));
});

/** Its lines until one that fits, at which it is interrupted. */
async function linesUntil(given: ComparisonPlan, last: RegExp) {
  const abort = new AbortController();
  const lines: string[] = [];
  const say = (line: string) => {
    lines.push(line);
    if (last.test(line)) abort.abort();
  };
  await expect(compareEngines({ ...given, say, signal: abort.signal })).rejects.toThrow();
  return lines;
}

test('of something else it starts anew, and says so', async () => {
  const { given } = plan([paced('fastchat', [])]);
  const earlier: Comparison = {
    ...{ schemaVersion: 1, id: 'one', startedAt: 'before', finishedAt: 'then', unfinished: 'sha256:0' },
    ...{ machine: given.machine, model: given.model, notes: [], objectives: given.load.objectives, contenders: [] },
    load: { promptTokens: 4, outputTokens, arrivals: 'poisson', cache: 'cold' },
  };
  const [line] = await linesUntil({ ...given, earlier }, /starting$/);
  expect(line).toBe('the record holds an interrupted comparison of something else (before): starting anew');
});

test('an engine that holds no rate is not started for a load that nobody gets', async () => {
  const starts: string[] = [];
  const { given } = plan([paced('fastchat', starts, 300)]);
  const load = { ...given.load, objectives: { ...given.load.objectives, timeToFirstToken: 1 } };
  const comparison = await compareEngines({ ...given, load });
  expect(measurements(comparison)).toEqual([[1, 0, 0]]);
  expect(starts).toHaveLength(1);
});

test('a metric that the engine has renamed is named', async () => {
  const known = join(import.meta.dirname, '../../engines/src/vllm/metrics-0.24.0.txt');
  const exposed = (await readFile(known, 'utf8')).replaceAll(
    'vllm:time_to_first_token_seconds',
    'vllm:first_token_seconds',
  );
  const { given } = plan([paced('vllm', [], 0, exposed)]);
  const lines = await linesUntil(given, /has no metric/);
  expect(lines).toContain(
    'vllm: vllm has no metric vllm:time_to_first_token_seconds; it may be vllm:first_token_seconds now. Rules that use it see nothing until Fairway knows the new name.',
  );
});
