import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { comparisonSchema } from '@fairway/stage/comparison/record';
import type { Comparison, Contender } from '@fairway/stage/comparison/record';
import { compareEngines } from './compare-engines.ts';
import type { ComparisonPlan } from './compare-engines.ts';
import type { StartableEngine } from './running-engine.ts';

const outputTokens = 4;
const digest = `sha256:${'0'.repeat(64)}`;

/** Answers with the tokens that are asked for, the first of them after a time, and counts how often it was started. */
function paced(engine: StartableEngine['engine'], starts: string[], firstMs = 0): StartableEngine {
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
    repeats: 2,
    signal: new AbortController().signal,
    say: line => lines.push(line),
    save: async comparison => void saved.push(structuredClone(comparison)),
    ...more,
  };
  return { given, saved, lines };
}

const measurements = ({ contenders }: Comparison) =>
  contenders.map(({ result }: Contender) =>
    result.outcome === 'measured' ? [result.searches.length, result.common.length] : result.reason,
  );

test('engines are measured in turn, the first of a round another one each time', async () => {
  const starts: string[] = [];
  const { given, saved } = plan([paced('fastchat', starts), paced('transformers', starts)]);
  const comparison = await compareEngines(given);
  // two searches, and the common load in the second and third round
  expect(measurements(comparison)).toEqual([
    [2, 2],
    [2, 2],
  ]);
  expect(starts).toEqual(['fastchat', 'transformers', 'transformers', 'fastchat', 'fastchat', 'transformers']);
  expect(comparison.load.commonRate).toBe(16);
  expect(comparison.unfinished).toBeUndefined();
  expect(saved.every(one => one.unfinished !== undefined)).toBe(true);
  expect(comparisonSchema.parse(comparison)).toEqual(JSON.parse(JSON.stringify(comparison)));
});

test('an interrupted comparison goes on where it ended', async () => {
  const abort = new AbortController();
  const starts: string[] = [];
  const engines = [paced('fastchat', starts), paced('transformers', starts)];
  const first = plan(engines, { signal: abort.signal });
  const { save } = first.given;
  // after the first round and the common load of the engine that begins the second
  await expect(
    compareEngines({
      ...first.given,
      async save(comparison) {
        await save(comparison);
        if (first.saved.length === 3) abort.abort();
      },
    }),
  ).rejects.toThrow();
  const earlier = comparisonSchema.parse(JSON.parse(JSON.stringify(first.saved.at(-1))));
  expect(measurements(earlier)).toEqual([
    [1, 0],
    [1, 1],
  ]);
  const second = plan(engines, { id: 'of another day', earlier });
  const comparison = await compareEngines(second.given);
  expect(second.lines[0]).toMatch(/^going on with the comparison that was interrupted .*: 3 measurements are there$/);
  expect(measurements(comparison)).toEqual([
    [2, 2],
    [2, 2],
  ]);
  expect(comparison).toMatchObject({ id: 'one', startedAt: earlier.startedAt, load: { commonRate: 16 } });
  expect(comparison.unfinished).toBeUndefined();
});

test('of something else it starts anew, and says so', async () => {
  const starts: string[] = [];
  const first = plan([paced('fastchat', starts)], { repeats: 1 });
  await compareEngines(first.given);
  const [earlier] = first.saved;
  const other = { ...first.given.load, outputTokens: 5 };
  const second = plan([paced('fastchat', starts)], { repeats: 1, load: other, ...(earlier ? { earlier } : {}) });
  const comparison = await compareEngines(second.given);
  expect(second.lines[0]).toMatch(/^the record holds an interrupted comparison of something else .*: starting anew$/);
  expect(comparison.startedAt).not.toBe(earlier?.startedAt);
});

test('an engine that holds no rate is started for what it has to measure alone', async () => {
  const starts: string[] = [];
  const { given } = plan([paced('fastchat', starts, 300)]);
  const load = { ...given.load, objectives: { ...given.load.objectives, timeToFirstToken: 1 } };
  const comparison = await compareEngines({ ...given, load });
  expect(measurements(comparison)).toEqual([[2, 0]]);
  expect(starts).toHaveLength(2);
});
