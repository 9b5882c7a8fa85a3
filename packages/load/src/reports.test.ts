import { randomExponential, randomLcg } from 'd3-random';
import { csvReport } from './report-csv.ts';
import { htmlReport } from './report-html.ts';
import { textReport } from './report-text.ts';
import { ratesOf, troubleOf } from './result.ts';
import type { LoadResult } from './result.ts';
import type { LoadSample } from './sample.ts';
import { sweep } from './sweep.ts';

const sample = (more: Partial<LoadSample> = {}): LoadSample => ({
  index: 0,
  turn: 0,
  scheduledAt: 1000,
  sentAt: 1001,
  firstTokenAt: 1101,
  lastTokenAt: 1301,
  endedAt: 1302,
  tokens: 3,
  tokensBy: 'usage',
  gaps: Float32Array.of(50, 150),
  gapsAreTokens: true,
  status: 200,
  ...more,
});

const result = (samples: readonly LoadSample[], more: Partial<LoadResult> = {}) =>
  ({
    url: 'http://127.0.0.1',
    plan: {
      arrivals: { kind: 'open', burstiness: 1, segments: [] },
      request: { model: '</script><script>alert(1)</script>' },
    },
    startedAt: '2026-11-26T00:00:00Z',
    from: 1000,
    to: 2000,
    cache: 'cold',
    warmUp: { seconds: 1, requests: 0, steady: true },
    rates: ratesOf(samples, [], { kind: 'open', burstiness: 1, segments: [] }, 1000, 2000),
    generator: {
      threads: 1,
      lateness: { p50: 1, p99: 1, most: 1 },
      loopDelay: { p99: 0, most: 0 },
      busy: 0,
      cpu: 0,
      bottleneck: [],
    },
    interrupted: false,
    trouble: undefined,
    samples,
    ...more,
  }) as unknown as LoadResult;

test('rates count what falls into the measured part, the end of the warm-up included', () => {
  const late = sample({ scheduledAt: 1900, sentAt: 1900, firstTokenAt: 1950, lastTokenAt: 2150, endedAt: 2150 });
  const before = sample({ scheduledAt: 900, sentAt: 900, firstTokenAt: 950, lastTokenAt: 1150, endedAt: 1150 });
  const rates = ratesOf([sample(), late], [before], { kind: 'open', burstiness: 1, segments: [] }, 1000, 2000);
  // tokens: 3 of the first; 1950 and 2000 of the late one; 1000 and 1150 of the one before
  expect(rates).toEqual({ offered: 2, sent: 2, answered: 2, tokens: 7 });
});

test('gaps that are not tokens have another name', () => {
  expect(textReport(result([sample()]))).toMatch(/inter-token latency +50\.0 +150\.0/);
  const chunks = textReport(result([sample({ tokensBy: 'chunks', gapsAreTokens: false })]));
  expect(chunks).toMatch(/gaps between chunks \(not ITL\)/);
  expect(chunks).not.toMatch(/^inter-token latency/m);
});

test('what is left out of a recording is said', () => {
  const replayed = (failed: number) => {
    const { plan } = result([]);
    return textReport(result([sample()], { plan: { ...plan, arrivals: { kind: 'replay', entries: [], failed } } }));
  };
  expect(replayed(17)).toMatch(/^17 requests of the recording are left out: they had failed/m);
  expect(replayed(0)).not.toMatch(/recording/);
});

test('chunks that nobody counted are not called tokens', () => {
  const counted = sample();
  const uncounted = sample({ tokensBy: 'chunks', gapsAreTokens: false });
  expect(textReport(result([counted]))).toMatch(/answered; 3 tokens a second$/m);
  expect(textReport(result([uncounted]))).toMatch(/answered; 3 chunks a second, whose tokens nobody counted$/m);
  expect(textReport(result([counted, uncounted]))).toMatch(/; 6 tokens a second, with the chunks of 1 answers whose/);
  const { plan } = result([]);
  const embeddings = { plan: { ...plan, request: { ...plan.request, api: 'embeddings' as const } } };
  expect(textReport(result([uncounted], embeddings))).toMatch(/answered$/m);
});

test('reasoning that did not come is said, and that no figure has it', () => {
  const two = [sample({ hiddenTokens: 64 }), sample({ hiddenTokens: 32 })];
  expect(textReport(result(two))).toMatch(/^The server counts 96 tokens of reasoning that it does not send/m);
  expect(textReport(result([sample()]))).not.toMatch(/reasoning/);
});

test('a stream that came whole, and what the first of each error met', () => {
  const { plan } = result([]);
  const streamed = { plan: { ...plan, request: { ...plan.request, stream: true } } };
  const whole = sample({ firstTokenAt: undefined });
  expect(textReport(result([whole], streamed))).toMatch(/^The server sent every answer whole/m);
  expect(textReport(result([sample(), whole], streamed))).not.toMatch(/whole, though/);
  const failed = (error: 'engine' | 'status', errorDetail: string) => sample({ error, errorDetail, status: 500 });
  const three = [failed('engine', 'out of memory'), failed('engine', 'later'), failed('status', 'HTTP 500: oops')];
  expect(textReport(result([sample(), ...three]))).toMatch(
    /ended: 1 ok, 2 engine, 1 HTTP 500\nfirst engine: out of memory\nfirst HTTP 500: HTTP 500: oops\n/,
  );
});

test('nothing was measured', () => {
  expect(textReport(result([], { interrupted: true }))).toBe(
    'Interrupted before the measured part began: nothing was measured.',
  );
  expect(troubleOf([])).toMatch(/^No request was due in the measured part/);
});

test('a field with quotation marks and line breaks stays one field', () => {
  const csv = csvReport(
    result([sample({ error: 'engine', errorDetail: 'out of "memory",\nagain', hiddenTokens: 64 })]),
  );
  expect(csv).toContain('200,engine,"out of ""memory"",\nagain",false,,,64\r\n');
  expect(csv.split('\r\n')[1]).toMatch(/^0,0,0\.000,1\.000,101\.000,301\.000,302\.000,3,usage,true/);
});

test('the page needs nothing from outside, and what a server calls itself cannot become a script', async () => {
  const page = await htmlReport('tiny', [result([sample()])], 'pass');
  expect(page).not.toMatch(/<(?:script|link|img)[^>]+(?:src|href)=/);
  expect(page).not.toContain('<script>alert');
  expect(page.match(/<script>/g)).toHaveLength(2);
});

test('a sweep doubles until answers fall behind, then looks between', async () => {
  // keeps up with 10 a second
  const tried: number[] = [];
  const found = await sweep(1, 64, async rate => {
    tried.push(rate);
    const rates = { offered: rate, sent: rate, answered: Math.min(rate, 10), tokens: 0 };
    return result([sample()], { rates, to: 61_000 });
  });
  expect(tried).toEqual([1, 2, 4, 8, 16, 12, 10]);
  expect(found).toMatchObject({ sustained: 10, saturated: 12 });
});

/** 30 s of a request a second, answered after 10 s by a service without a limit, or by one that takes a request every two seconds. */
function longAnswers(random: () => number, limited: boolean): LoadResult {
  const all: LoadSample[] = [];
  let free = -Infinity;
  const next = randomExponential.source(random)(1 / 1000);
  for (let at = -60_000 + next(); at < 30_000; at += next()) {
    const begin = limited ? Math.max(at, free) : at;
    free = begin + 2000;
    all.push(sample({ scheduledAt: at, sentAt: at, firstTokenAt: begin + 100, endedAt: begin + 10_000 }));
  }
  const arrivals = { kind: 'open', burstiness: 1, segments: [] } as const;
  const measured = all.filter(one => one.sentAt >= 0);
  const rates = ratesOf(
    measured,
    all.filter(one => one.sentAt < 0),
    arrivals,
    0,
    30_000,
  );
  return result(measured, { rates, from: 0, to: 30_000 });
}

test('long answers alone are no saturation, and too many requests are', async () => {
  const saturated = async (limited: boolean) => {
    const random = randomLcg(0.42);
    const sweeps = Array.from({ length: 300 }, () => sweep(1, 1, async () => longAnswers(random, limited)));
    const found = await Promise.all(sweeps);
    return found.filter(one => one.saturated !== undefined).length / found.length;
  };
  expect(await saturated(false)).toBeLessThan(0.05);
  expect(await saturated(true)).toBeGreaterThan(0.95);
});

test('a sweep ends where the generator is the bottleneck', async () => {
  const slow = { ...result([sample()]).generator, bottleneck: ['too slow'] };
  const found = await sweep(1, 64, async () => result([sample()], { generator: slow }));
  expect(found).toMatchObject({ runs: [{}], sustained: undefined, saturated: undefined });
});

test('times say how many requests they leave out', () => {
  const late = sample({ firstTokenAt: undefined, lastTokenAt: undefined, gaps: Float32Array.of(), error: 'timeout' });
  const denied = sample({ firstTokenAt: undefined, gaps: Float32Array.of(), error: 'status', status: 401 });
  const plan = { ...result([]).plan, request: { ...result([]).plan.request, stream: true } };
  const text = textReport(result([sample(), late, denied], { plan }));
  expect(text).toContain('1 of 3 requests got no token: these times leave them out');
  expect(textReport(result([sample(), denied], { plan }))).not.toContain('got no token');
});
