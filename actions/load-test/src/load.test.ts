import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tinyService } from '../../../test/fixtures/service.ts';
import { openInference } from '@fairway/clients/inference/index';
import type { StreamOutcome } from '@fairway/clients/inference/index';
import { generate } from './generator.ts';
import { percentile, rowsOf } from './indicators.ts';
import type { Row } from './indicators.ts';
import { judge } from './judgement.ts';
import { planLoad, warmUpSeconds } from './plan.ts';

describe('plan', () => {
  const shape = { requestsPerSecond: 50, seconds: 100, promptTokens: 8 };

  test('the same seed gives the same plan, another one another', () => {
    expect(planLoad(shape, 1)).toEqual(planLoad(shape, 1));
    expect(planLoad(shape, 2)).not.toEqual(planLoad(shape, 1));
  });

  test('arrivals have the rate asked for and vary as a Poisson process does', () => {
    const plan = planLoad(shape, 1);
    const gaps = plan.slice(1).map((request, index) => request.at - (plan[index]?.at ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(mean).toBeCloseTo(20, 0);
    expect(deviation / mean).toBeCloseTo(1, 1);
  });

  test('the warm-up comes first and prompts differ from their first word on', () => {
    const plan = planLoad(shape, 1);
    expect(warmUpSeconds(shape)).toBe(10);
    expect(plan.every(request => request.warmUp === request.at < 10_000)).toBe(true);
    expect(new Set(plan.map(request => request.prompt.split(' ')[0])).size).toBe(plan.length);
    expect(plan[0]?.prompt.split(' ')).toHaveLength(8);
  });
});

function outcome(more: Partial<StreamOutcome>): StreamOutcome {
  return {
    status: 200,
    headers: {},
    sentAt: 0,
    headersAt: 1,
    tokensAt: [],
    endedAt: 0,
    text: '',
    done: true,
    completionTokens: undefined,
    error: undefined,
    ...more,
  };
}

describe('indicators', () => {
  const limits = { timeToFirstToken: 100, interTokenLatency: 20 };

  test('both clocks, gaps and time per token of one stream; the warm-up is left out', () => {
    const rows = rowsOf(
      [
        { warmUp: true, scheduledAt: 0, outcome: outcome({}) },
        {
          warmUp: false,
          scheduledAt: 1000,
          outcome: outcome({ sentAt: 1005, tokensAt: [1050, 1060, 1090], endedAt: 1095 }),
        },
      ],
      limits,
    );
    expect(rows).toEqual([
      {
        scheduled: 0,
        late: 5,
        ttftFromScheduled: 50,
        ttftFromSent: 45,
        itl: [10, 30],
        tpot: 20,
        duration: 90,
        tokens: 3,
        status: 200,
        error: undefined,
        errorDetail: undefined,
        good: true,
      },
    ]);
  });

  test.each([
    ['a late first token', { tokensAt: [101, 102] }, false],
    ['slow tokens', { tokensAt: [50, 71] }, false],
    ['an error', { tokensAt: [50, 60], error: { kind: 'truncated', detail: '' } as const }, false],
    ["the engine's own count divides the time", { tokensAt: [50, 110], completionTokens: 5 }, true],
    ['one token has no pace', { tokensAt: [50] }, true],
    ['no token', { tokensAt: [] }, false],
  ])('%s', (_name, given, good) => {
    expect(rowsOf([{ warmUp: false, scheduledAt: 0, outcome: outcome(given) }], limits)[0]?.good).toBe(good);
  });

  test.each([
    [[], 50, undefined],
    [[3, 1, 2], 50, 2],
    [[1, 2, 3, 4], 95, 4],
    [[1, 2, 3, 4], 0, 1],
  ])('percentile of %j at %d', (values, rank, expected) => {
    expect(percentile(values, rank)).toBe(expected);
  });
});

describe('judgement', () => {
  const { objectives } = tinyService();
  const row = (more: Partial<Row> = {}): Row => ({
    scheduled: 0,
    late: 0,
    ttftFromScheduled: 100,
    ttftFromSent: 100,
    itl: [10, 10],
    tpot: 10,
    duration: 120,
    tokens: 3,
    status: 200,
    error: undefined,
    errorDetail: undefined,
    good: true,
    ...more,
  });
  const rows = (count: number, bad: number, how: Partial<Row>) =>
    Array.from({ length: count }, (_, index) => row(index < bad ? { good: false, ...how } : {}));
  const broken = { error: 'status', errorDetail: 'HTTP 503', ttftFromScheduled: undefined };

  test.each([
    ['all good', rows(30, 0, {}), 'pass', /30 requests meet the objectives/],
    [
      'all slow',
      rows(30, 30, { ttftFromScheduled: 2000 }),
      'fail',
      /p95 is 2000 ms \(2000 to 2000\), the objective is at most 1500 ms/,
    ],
    ['halting', rows(30, 30, { itl: [400] }), 'fail', /inter-token latency, p95 is 400 ms/],
    [
      'all broken',
      rows(30, 30, broken),
      'fail',
      /answered without an error is 0 %.*Errors: 30 status; the first: HTTP 503/,
    ],
    ['one slow of few', rows(30, 1, { ttftFromScheduled: 2000 }), 'inconclusive', /too few to tell/],
    ['no request', [], 'inconclusive', /No request was measured/],
    [
      'streams of one token have no gaps',
      rows(30, 0, {}).map(one => ({ ...one, itl: [] })),
      'inconclusive',
      /inter-token latency, p95 could not be measured/,
    ],
  ])('%s', (_name, given, verdict, reason) => {
    const judgement = judge(given, objectives);
    expect(judgement.verdict).toBe(verdict);
    expect(judgement.reason).toMatch(reason);
  });
});

test('the generator does not wait for answers and measures what the server does', async () => {
  let open = 0;
  let most = 0;
  const server = http.createServer((request, response) => {
    most = Math.max(most, ++open);
    response.on('close', () => open--);
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const token = `data: ${JSON.stringify({ choices: [{ delta: { content: 'x' } }] })}\n\n`;
    setTimeout(() => response.write(token), 100);
    setTimeout(() => response.end(`${token}data: [DONE]\n\n`), 150);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const endpoint = openInference(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const plan = Array.from({ length: 10 }, (_, index) => ({ at: index * 10, prompt: String(index), warmUp: index < 2 }));
  const sent = await generate(endpoint, plan, {
    request: { model: 'tiny', maxTokens: 2 },
    headers: async () => ({}),
    expectDone: true,
    timeout: 10_000,
    signal: new AbortController().signal,
    progress: () => undefined,
    now: () => performance.now(),
  });
  endpoint.close();
  server.close();
  const rows = rowsOf(sent, { timeToFirstToken: 5000, interTokenLatency: 5000 });
  expect(rows).toHaveLength(8);
  expect(most).toBeGreaterThan(2);
  for (const row of rows) {
    expect(row).toMatchObject({ error: undefined, good: true, tokens: 2, status: 200 });
    expect(row.ttftFromSent).toBeGreaterThan(80);
    expect(row.ttftFromScheduled).toBeGreaterThanOrEqual(row.ttftFromSent ?? 0);
    expect(row.late).toBeGreaterThanOrEqual(0);
    expect(row.itl).toHaveLength(1);
  }
});
