import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { openInference } from '@fairway/clients/inference/index';
import type { StreamOutcome } from '@fairway/clients/inference/index';
import { generate, planLoad, rowsOf, sampleOf, warmUpSeconds } from './index.ts';

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

describe('samples', () => {
  test('both clocks, gaps and tokens of one stream', () => {
    const sent = {
      warmUp: false,
      scheduledAt: 1000,
      outcome: outcome({ sentAt: 1005, tokensAt: [1050, 1060, 1090], endedAt: 1095 }),
    };
    expect(rowsOf([sent])).toEqual([
      {
        scheduled: 0,
        late: 5,
        ttftFromScheduled: 50,
        ttftFromSent: 45,
        itl: [10, 30],
        duration: 90,
        tokens: 3,
        status: 200,
        error: undefined,
        errorDetail: undefined,
      },
    ]);
    expect(sampleOf(sent)).toMatchObject({ firstTokenAt: 1050, lastTokenAt: 1090, gaps: [10, 30], tokensBy: 'chunks' });
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
    enough: () => false,
  });
  endpoint.close();
  server.close();
  const rows = rowsOf(sent.filter(one => !one.warmUp));
  expect(rows).toHaveLength(8);
  expect(most).toBeGreaterThan(2);
  for (const row of rows) {
    expect(row).toMatchObject({ error: undefined, tokens: 2, status: 200 });
    expect(row.ttftFromSent).toBeGreaterThan(80);
    expect(row.ttftFromScheduled).toBeGreaterThanOrEqual(row.ttftFromSent ?? 0);
    expect(row.late).toBeGreaterThanOrEqual(0);
    expect(row.itl).toHaveLength(1);
  }
});

test('the load ends once there is enough, and a slow request is not left out of what is judged', async () => {
  const token = `data: ${JSON.stringify({ choices: [{ delta: { content: 'x' } }] })}\n\ndata: [DONE]\n\n`;
  let asked = 0;
  const server = http.createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    // the second request is far slower than those after it
    setTimeout(() => response.end(token), ++asked === 2 ? 1500 : 5);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const endpoint = openInference(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const looks: number[] = [];
  const sent = await generate(
    endpoint,
    Array.from({ length: 1000 }, (_, index) => ({ at: index * 20, prompt: String(index), warmUp: false })),
    {
      request: { model: 'tiny', maxTokens: 1 },
      headers: async () => ({}),
      expectDone: true,
      timeout: 10_000,
      signal: new AbortController().signal,
      progress: () => undefined,
      now: () => performance.now(),
      enough: ended => looks.push(ended.length) >= 3,
    },
  );
  endpoint.close();
  server.close();
  // at the first look only the request before the slow one counts
  expect(looks[0]).toBe(1);
  expect(sent.length).toBeGreaterThan(50);
  expect(sent.length).toBeLessThan(1000);
  expect(sent[1]!.outcome.tokensAt[0]! - sent[1]!.scheduledAt).toBeGreaterThan(1400);
});
