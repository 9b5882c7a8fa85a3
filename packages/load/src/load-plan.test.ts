import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openArrivals } from './arrivals.ts';
import type { RateSegment } from './arrivals.ts';
import { plannedRequests } from './load-plan.ts';
import type { LoadPlan } from './load-plan.ts';
import { readTrace } from './trace.ts';
import { randomLcg } from 'd3-random';
import { newFolder } from '../../../test/fixtures/new-folder.ts';

const plan: LoadPlan = {
  arrivals: { kind: 'open', burstiness: 1, segments: [{ from: 50, to: 50, seconds: 100 }] },
  promptTokens: { kind: 'uniform', from: 10, to: 20 },
  outputTokens: { kind: 'fixed', tokens: 5 },
  turns: 1,
  thinkSeconds: 0,
  seed: 1,
  salt: 'salt',
  wordsPerToken: 1,
  request: { api: 'chat', model: 'm', stream: true, usage: true, end: 'done', extra: {} },
  warmUp: { least: 1, most: 10 },
  timeout: 1000,
};
const whole = { index: 0, of: 1 };
const requests = (more: Partial<LoadPlan> = {}, share = whole) => [
  ...plannedRequests({ ...plan, ...more }, 'measured', share),
];

describe('arrivals', () => {
  const times = (burstiness: number, ...segments: RateSegment[]) => [
    ...openArrivals(segments, burstiness, randomLcg(1)),
  ];
  const gaps = (at: readonly number[]) => at.slice(1).map((value, index) => value - at[index]!);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  /** Standard deviation by mean. The gamma distribution of shape k has 1/√k, the exponential one 1. */
  const variation = (values: readonly number[]) => {
    const center = mean(values);
    return Math.sqrt(mean(values.map(value => (value - center) ** 2))) / center;
  };
  const even = { from: 50, to: 50, seconds: 400 };

  test.each([
    ['Poisson', 1, 1],
    ['bursts', 0.25, 2],
    ['regular', 4, 0.5],
    ['constant', Infinity, 0],
  ])('%s: the rate asked for, and gaps that vary as they must', (_name, burstiness, expected) => {
    const found = gaps(times(burstiness, even));
    expect(mean(found)).toBeCloseTo(20, 0);
    expect(variation(found)).toBeCloseTo(expected, 1);
  });

  test('steps and ramps: as many requests as the area under the rate', () => {
    const at = times(Infinity, { from: 10, to: 10, seconds: 10 }, { from: 10, to: 30, seconds: 10 });
    const within = (from: number, to: number) => at.filter(time => time > from && time <= to).length;
    expect(within(0, 10_000)).toBe(100);
    // 10 t + t² is 75 after the first half of the ramp and 200 at its end
    expect(within(10_000, 15_000)).toBe(75);
    expect(at.length).toBeGreaterThanOrEqual(299);
    expect(at).toEqual([...at].sort((a, b) => a - b));
  });

  test('a ramp may begin at nothing', () => {
    // t² requests until t: the hundredth would be due at the very end
    expect(times(Infinity, { from: 0, to: 20, seconds: 10 })).toHaveLength(99);
  });
});

test('the same seed gives the same load, another seed another one', () => {
  expect(requests()).toEqual(requests());
  expect(requests({ seed: 2 })).not.toEqual(requests());
});

test('threads send together what one alone would send', () => {
  const shares = [0, 1, 2].flatMap(index => requests({}, { index, of: 3 }));
  expect(shares.sort((a, b) => a.index - b.index).map(one => [one.at, one.outputTokens])).toEqual(
    requests().map(one => [one.at, one.outputTokens]),
  );
});

test('no two prompts begin alike, whichever run they are of', () => {
  const begins = (salt: string) =>
    requests({ salt }).map(one => one.messages[0]!.content.split(' ').slice(0, 3).join(' '));
  const all = [...begins('a'), ...begins('b')];
  expect(new Set(all).size).toBe(all.length);
  const warmUp = plannedRequests(plan, 'warm-up', whole).next().value!.messages[0]!.content;
  expect(requests().map(one => one.messages[0]!.content)).not.toContain(warmUp);
});

test('shared prefixes are the same for all requests of a group', () => {
  const found = requests({ prefixes: { count: 4, tokens: 100 }, promptTokens: { kind: 'fixed', tokens: 120 } });
  const systems = found.map(one => one.messages[0]!);
  expect(new Set(systems.map(one => one.content)).size).toBe(4);
  expect(systems[0]).toMatchObject({ role: 'system' });
  expect(systems[0]!.content.split(' ').length).toBeGreaterThan(100);
  expect(new Set(found.map(one => one.messages[1]!.content)).size).toBe(found.length);
});

test('lengths are those of their distribution', () => {
  const lengths = (outputTokens: LoadPlan['outputTokens']) =>
    requests({ outputTokens })
      .map(one => one.outputTokens)
      .sort((a, b) => a - b);
  const uniform = lengths({ kind: 'uniform', from: 3, to: 6 });
  expect(new Set(uniform)).toEqual(new Set([3, 4, 5, 6]));
  const lognormal = lengths({ kind: 'lognormal', median: 100, sigma: 0.5, most: 300 });
  expect(Math.abs(lognormal[Math.floor(lognormal.length / 2)]! - 100)).toBeLessThan(5);
  expect(lognormal.at(-1)).toBe(300);
  expect(new Set(lengths({ kind: 'list', tokens: [7, 9] }))).toEqual(new Set([7, 9]));
});

describe('traces', () => {
  const write = async (name: string, text: string) => {
    const file = join(newFolder(), name);
    await writeFile(file, text);
    return file;
  };

  test("Mooncake's JSON lines", async () => {
    const file = await write(
      'a.jsonl',
      '{"timestamp": 3052, "input_length": 2287, "output_length": 316, "hash_ids": [74]}\n{"timestamp": 27482, "input_length": 6758, "output_length": 500, "hash_ids": [0]}\n',
    );
    const { entries } = await readTrace(file);
    expect(entries).toEqual([
      { at: 0, promptTokens: 2287, outputTokens: 316 },
      { at: 24430, promptTokens: 6758, outputTokens: 500 },
    ]);
    expect(requests({ arrivals: { kind: 'replay', entries } })).toMatchObject([
      { at: 0, outputTokens: 316 },
      { at: 24430, outputTokens: 500 },
    ]);
  });

  test("Azure's CSV", async () => {
    const file = await write(
      'b.csv',
      'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n2023-11-16 18:17:04.0319600,110,27\n',
    );
    expect((await readTrace(file)).entries).toEqual([
      { at: 0, promptTokens: 4808, outputTokens: 10 },
      { at: 52, promptTokens: 110, outputTokens: 27 },
    ]);
  });

  test("Azure's CSV of 2024: a zone, whole seconds, and answers of no token", async () => {
    const file = await write(
      'd.csv',
      '\ufeffTIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.009930+00:00,2162,5\n2024-05-10 00:00:01+00:00,2399,0\n',
    );
    expect((await readTrace(file)).entries).toEqual([
      { at: 0, promptTokens: 2162, outputTokens: 5 },
      { at: 991, promptTokens: 2399, outputTokens: 1 },
    ]);
  });

  // the heads and first lines of BurstGPT_1.csv and of BurstGPT_3.csv, which has two columns more
  test.each([
    [
      'of two columns fewer',
      'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type',
      ['5,ChatGPT,472,18,490,Conversation log', '45,ChatGPT,1087,230,1317,Conversation log'],
      '118.25,GPT-4,417,0,417,API log',
    ],
    [
      'with sessions',
      'Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type',
      ['5,1,2.5,ChatGPT,472,18,490,Conversation log', '45,2,9,ChatGPT,1087,230,1317,Conversation log'],
      '118.25,3,1,GPT-4,417,0,417,API log',
    ],
  ])(
    "BurstGPT's CSV %s: seconds, and responses of no token are requests that failed",
    async (_name, head, good, bad) => {
      const file = await write('f.csv', [head, ...good, bad, ''].join('\r\n'));
      expect(await readTrace(file)).toEqual({
        entries: [
          { at: 0, promptTokens: 472, outputTokens: 18 },
          { at: 40_000, promptTokens: 1087, outputTokens: 230 },
        ],
        failed: 1,
      });
    },
  );

  test('a head that is none that is known is named, and what it could be', async () => {
    const file = await write('h.csv', 'time,prompt,answer\n1,2,3\n');
    await expect(readTrace(file)).rejects.toThrow(
      /h\.csv:1: The trace has the head time,prompt,answer, which is none that is known\. .*Request tokens and Response tokens/,
    );
  });

  test.each([
    ['a time that is no number', 'Timestamp,Model,Request tokens,Response tokens\nnow,m,1,2'],
    ['a failed request of no time', 'Timestamp,Model,Request tokens,Response tokens\n,m,1,0'],
    ['a response that is no number', 'Timestamp,Model,Request tokens,Response tokens\n1,m,1,many'],
    ['a line that was cut', 'Timestamp,Model,Request tokens,Response tokens\n1,m,1'],
    ['a length without an end', '{"timestamp": 0, "input_length": 1, "output_length": 1e999}'],
    ['a negative length', '{"timestamp": 0, "input_length": -1, "output_length": 1}'],
    ['no length', '{"timestamp": 0, "input_length": null, "output_length": 1}'],
    ['a list in place of a length', '{"timestamp": 0, "input_length": [], "output_length": 1}'],
  ])('%s is no request', async (_name, text) => {
    await expect(readTrace(await write('i.csv', text))).rejects.toThrow(/i\.csv:[12]: A line of a trace holds/);
  });

  test('a recording of nothing but failures holds no request', async () => {
    const file = await write('j.csv', 'Timestamp,Model,Request tokens,Response tokens\n1,m,1,0\n');
    await expect(readTrace(file)).rejects.toThrow(/The trace holds no request/);
  });

  test('a line that is no object is named too', async () => {
    const file = await write('e.jsonl', '{"timestamp": 0, "input_length": 1, "output_length": 1}\nnull\n');
    await expect(readTrace(file)).rejects.toThrow(/e\.jsonl:2: A line of a trace holds/);
  });

  test('what is no request is named with its line', async () => {
    const file = await write('c.jsonl', '{"timestamp": 0, "input_length": 1, "output_length": 1}\n{"timestamp": 1}\n');
    await expect(readTrace(file)).rejects.toThrow(/c\.jsonl:2: A line of a trace holds.*found {"timestamp": 1}/);
    await expect(readTrace(`${file}.none`)).rejects.toThrow(/c\.jsonl\.none: The trace cannot be read \(ENOENT\)/);
  });
});
