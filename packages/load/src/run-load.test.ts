import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { runLoad } from './run-load.ts';
import type { RunOptions } from './run-load.ts';
import type { LoadPlan } from './load-plan.ts';
import { Patience } from './patience.ts';
import { probe } from './probe.ts';
import { openInference } from '@fairway/clients/inference/index';
import { answered } from '@fairway/indicators';

interface Seen {
  readonly authorization: string | undefined;
  readonly body: { messages: { role: string; content: string }[]; max_tokens: number; [name: string]: unknown };
}

const open: http.Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Streams as many tokens as are asked for, a few milliseconds apart, and remembers what was asked. */
async function serve(answer: (seen: Seen, response: http.ServerResponse) => boolean = () => false) {
  const seen: Seen[] = [];
  let running = 0;
  let most = 0;
  const server = http.createServer((request, response) => {
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString()));
    request.on('end', async () => {
      const one = { authorization: request.headers.authorization, body: JSON.parse(text) as Seen['body'] };
      seen.push(one);
      if (answer(one, response)) return;
      most = Math.max(most, ++running);
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-fairway-revision': 'blue' });
      const event = (value: unknown) => response.write(`data: ${JSON.stringify(value)}\n\n`);
      for (let token = 0; token < one.body.max_tokens; token++) {
        await new Promise(resolve => setTimeout(resolve, 5));
        event({ choices: [{ index: 0, delta: { content: ` t${token}` } }] });
      }
      const prompt_tokens = one.body.messages.flatMap(message => message.content.split(' ')).length * 2 + 10;
      event({ choices: [], usage: { prompt_tokens, completion_tokens: one.body.max_tokens } });
      running--;
      response.end('data: [DONE]\n\n');
    });
  });
  open.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    most: () => most,
  };
}

const plan: LoadPlan = {
  arrivals: { kind: 'open', burstiness: Infinity, segments: [{ from: 40, to: 40, seconds: 1 }] },
  promptTokens: { kind: 'fixed', tokens: 8 },
  outputTokens: { kind: 'fixed', tokens: 4 },
  turns: 1,
  thinkSeconds: 0,
  seed: 1,
  salt: 'salt',
  wordsPerToken: 1,
  request: { api: 'chat', model: 'm', stream: true, usage: true, end: 'done', extra: {} },
  warmUp: { least: 0.1, most: 0.5 },
  timeout: 5000,
};

function run(url: string, more: Partial<LoadPlan> = {}, options: Partial<RunOptions> = {}) {
  return runLoad({
    url,
    plan: { ...plan, ...more },
    headers: async () => ({}),
    expectedDuration: 50,
    signal: new AbortController().signal,
    progress: () => {},
    ...options,
  });
}

test('an open loop: every planned request is measured, with both clocks and the tokens of usage', async () => {
  const server = await serve();
  const { samples, ...result } = await run(server.url);
  // 40 a second for a second, the last one at its very end
  expect(samples.length).toBeGreaterThanOrEqual(39);
  for (const sample of samples) {
    expect(sample).toMatchObject({ tokens: 4, tokensBy: 'usage', gapsAreTokens: true, status: 200, revision: 'blue' });
    const { scheduledAt, sentAt, firstTokenAt, lastTokenAt, endedAt } = sample;
    const times = [scheduledAt, sentAt, firstTokenAt!, lastTokenAt!, endedAt];
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect(firstTokenAt! + sample.gaps.reduce((sum, gap) => sum + gap, 0)).toBeCloseTo(lastTokenAt!, 2);
  }
  expect(result).toMatchObject({ cache: 'cold', interrupted: false, trouble: undefined, generator: { threads: 1 } });
  expect(result.rates.offered).toBeCloseTo(40, -1);
  expect(server.seen.length).toBe(samples.length + result.warmUp.requests);
});

test.each([
  ['apart', [0, 150, 300]],
  ['at once', [0, 0, 0]],
])('a recording of requests that come %s: all of them are measured', async (_name, times) => {
  const server = await serve();
  const entries = times.map(at => ({ at, promptTokens: 8, outputTokens: 1 }));
  const result = await run(server.url, { arrivals: { kind: 'replay', entries } });
  expect(result.samples.map(({ index, error }) => [index, error])).toEqual(times.map((_, index) => [index, undefined]));
  expect(result.rates.offered).toBeCloseTo(times[2] === 0 ? 3 : 3 / 0.45, 5);
});

test('a recording of a month waits for its next request, with timers that Node has', async () => {
  const server = await serve();
  const timers = jest.spyOn(globalThis, 'setTimeout');
  const controller = new AbortController();
  const entries = [0, 30 * 86_400_000].map(at => ({ at, promptTokens: 8, outputTokens: 1 }));
  const result = await run(
    server.url,
    { arrivals: { kind: 'replay', entries }, warmUp: { least: 0, most: 0 } },
    {
      signal: controller.signal,
      progress: live => {
        if (live.phase === 'measured' && live.seconds > 0.5) controller.abort();
      },
    },
  );
  const waits = timers.mock.calls.map(([, wait]) => wait ?? 0);
  timers.mockRestore();
  expect(result.samples.map(({ index }) => index)).toEqual([0]);
  // nodejs.org/api/timers.html: a delay over 2147483647 is set to 1
  expect(Math.max(...waits)).toBe(2_147_483_647);
});

test('a closed loop holds the concurrency and never more', async () => {
  const server = await serve();
  const result = await run(server.url, { arrivals: { kind: 'closed', concurrency: 6, seconds: 1.5 } });
  expect(server.most()).toBe(6);
  expect(result.samples.length).toBeGreaterThan(6);
  expect(result.rates.offered).toBeUndefined();
});

test('in a closed loop a user whose request was rejected at once waits a second', async () => {
  const server = await serve((_, response) => Boolean(response.writeHead(429).end('slow down')));
  const result = await run(server.url, {
    arrivals: { kind: 'closed', concurrency: 3, seconds: 2 },
    warmUp: { least: 0, most: 0 },
  });
  const seconds = (result.to - result.from) / 1000 + result.warmUp.seconds;
  expect(result.samples.length).toBeGreaterThan(0);
  expect(server.seen.length).toBeLessThanOrEqual(3 * (Math.ceil(seconds) + 1));
  expect(result.trouble).toMatch(/requests ended with HTTP 429: slow down\. The rate limit was measured/);
});

test('threads of their own send the same load', async () => {
  const server = await serve();
  const result = await run(server.url, {}, { threads: 2 });
  expect(result.samples.length).toBeGreaterThanOrEqual(39);
  expect(result.generator.threads).toBe(2);
  const indexes = result.samples.map(sample => sample.index);
  expect([...indexes].sort((a, b) => a - b)).toEqual(indexes.map((_, index) => index));
});

test('a model and its adapters are asked for in turn, whatever the thread', async () => {
  const server = await serve();
  const request = { ...plan.request, models: ['m', 'sql', 'chat'] };
  await run(server.url, { request }, { threads: 2 });
  const asked = server.seen.map(({ body }) => [Number(body.messages[0]!.content.split(' ')[2]) % 3, body['model']]);
  for (const [rest, model] of asked) expect(model).toBe(request.models[Number(rest)]);
  expect(new Set(asked.map(([, model]) => model)).size).toBe(3);
  expect(server.seen.every(({ body }) => !('models' in body))).toBe(true);
});

test.each([
  ['a token a piece', [' t', '0', ' t', '1'], true],
  ['two tokens a piece', [' t0', ' t1'], false],
])("a server that counts no tokens, %s: the model's tokenizer does", async (_name, pieces, gapsAreTokens) => {
  const server = await serve((_seen, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const content of pieces) response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
    response.end('data: [DONE]\n\n');
    return true;
  });
  const tokenizer = new URL('../test-data/tokenizer.json', import.meta.url).pathname;
  const { samples } = await run(server.url, { tokenizer }, { threads: 2 });
  expect(samples[0]).toMatchObject({ tokens: 4, tokensBy: 'tokenizer', gapsAreTokens });
});

test('a conversation sends what was said before', async () => {
  const server = await serve();
  const result = await run(server.url, {
    arrivals: { kind: 'closed', concurrency: 1, seconds: 1 },
    turns: 3,
  });
  expect(new Set(result.samples.map(sample => sample.turn))).toEqual(new Set([0, 1, 2]));
  const third = server.seen.find(one => one.body.messages.length === 5)!;
  expect(third.body.messages.map(message => message.role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
  expect(third.body.messages[1]!.content).toBe(' t0 t1 t2 t3');
});

// https://api-docs.deepseek.com/guides/reasoning_model: reasoning of former rounds is not put into the context
test('a conversation leaves out what a model thought before', async () => {
  const server = await serve(({ body }, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = (delta: object) => response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`);
    for (const word of ['Well', ',', ' then']) event({ reasoning_content: word });
    for (const word of [' It', ' is', ` ${body.messages.length}`]) event({ content: word });
    response.end('data: [DONE]\n\n');
    return true;
  });
  const { samples } = await run(server.url, {
    arrivals: { kind: 'closed', concurrency: 1, seconds: 1 },
    turns: 2,
  });
  const second = server.seen.find(one => one.body.messages.length === 3)!;
  expect(second.body.messages[1]).toEqual({ role: 'assistant', content: ' It is 1' });
  // and all of it was generated
  expect(samples[0]!.gaps).toHaveLength(5);
});

test('a token that is renewed in the middle is used from then on', async () => {
  const server = await serve();
  let asked = 0;
  await run(
    server.url,
    { arrivals: { kind: 'open', burstiness: Infinity, segments: [{ from: 20, to: 20, seconds: 2 }] } },
    { headers: async () => ({ authorization: `Bearer ${asked++ === 0 ? 'old' : 'new'}` }) },
  );
  expect(new Set(server.seen.map(one => one.authorization))).toEqual(new Set(['Bearer old', 'Bearer new']));
});

test('a token that cannot be renewed is the trouble', async () => {
  const server = await serve();
  let asked = 0;
  const { trouble } = await run(
    server.url,
    { arrivals: { kind: 'open', burstiness: Infinity, segments: [{ from: 20, to: 20, seconds: 2 }] } },
    {
      headers: async () => {
        if (asked++ > 0) throw new Error('the issuer is away');
        return {};
      },
    },
  );
  expect(trouble).toBe('The token could not be renewed: the issuer is away');
});

test('only rejections by a rate limit: one sentence', async () => {
  const server = await serve((_, response) => Boolean(response.writeHead(429).end('slow down')));
  const { trouble, samples } = await run(server.url);
  expect(trouble).toBe(
    `${samples.length} of ${samples.length} requests ended with HTTP 429: slow down. The rate limit was measured and not the service: raise it or lower the load.`,
  );
});

test('what was measured until an interruption is the result', async () => {
  const server = await serve();
  const controller = new AbortController();
  const result = await run(
    server.url,
    { arrivals: { kind: 'open', burstiness: 1, segments: [{ from: 40, to: 40, seconds: 600 }] } },
    {
      signal: controller.signal,
      progress: live => {
        if (live.phase === 'measured' && live.ended > 30) controller.abort();
      },
    },
  );
  expect(result.interrupted).toBe(true);
  expect(result.samples.filter(sample => !sample.cancelled && !sample.error).length).toBeGreaterThan(0);
  expect(result.to - result.from).toBeLessThan(60_000);
});

describe('before the load', () => {
  const ask = async (url: string, more: object = {}) => {
    const endpoint = openInference(url);
    try {
      return await probe(endpoint, {
        request: plan.request,
        outputTokens: 4,
        optional: { ignore_eos: true },
        headers: {},
        timeout: 5000,
        patience: new Patience({ startsWithin: 0, says: () => {} }),
        ...more,
      });
    } finally {
      endpoint.close();
    }
  };

  test('the words of a token are counted by the server', async () => {
    const server = await serve();
    // two tokens a word, whatever the template adds
    expect((await ask(server.url)).wordsPerToken).toBeCloseTo(0.5, 2);
  });

  test('a field that the server rejects is left out', async () => {
    const server = await serve(({ body }, response) => {
      if (!('ignore_eos' in body)) return false;
      response.writeHead(422).end('{"detail":"Unexpected fields in the request: {\'ignore_eos\'}"}');
      return true;
    });
    const { request } = await ask(server.url);
    expect(request).toMatchObject({ extra: {}, usage: true });
  });

  test('a server that takes the limit under its newer name gets it so', async () => {
    const server = await serve(({ body }, response) => {
      const newer = body['max_completion_tokens'] as number | undefined;
      if (newer !== undefined) body.max_tokens = newer;
      else
        response
          .writeHead(400)
          .end(
            `{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."}}`,
          );
      return response.writableEnded;
    });
    const { request } = await ask(server.url);
    expect(request).toMatchObject({ limitField: 'max_completion_tokens', extra: { ignore_eos: true } });
    const { samples } = await run(server.url, { request });
    expect(samples[0]).toMatchObject({ tokens: 4, error: undefined });
  });

  test('an interrupt does not wait for an answer', async () => {
    const server = await serve(() => true);
    const controller = new AbortController();
    const asked = ask(server.url, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('Ctrl-C')), 200);
    await expect(asked).rejects.toThrow('Ctrl-C');
  });

  test('nobody listens', async () => {
    await expect(ask('http://127.0.0.1:1')).rejects.toThrow(
      'inference endpoint: a first request to http://127.0.0.1:1 failed: connection: ECONNREFUSED. Check that the server runs and that the address is right.',
    );
  });
});

test.each([1, 2])(
  'with %d threads the load ends once there is enough, and a slow request holds back those after it',
  async threads => {
    const looks: number[][] = [];
    let slow: http.ServerResponse | undefined;
    let inVain = 0;
    const server = await serve((_seen, response) => {
      // one measured request lasts until three looks saw nothing new
      if (slow || looks.length === 0) return false;
      slow = response.writeHead(200, { 'content-type': 'text/event-stream' });
      return true;
    });
    const result = await run(
      server.url,
      {
        arrivals: { kind: 'open', burstiness: Infinity, segments: [{ from: 40, to: 40, seconds: 60 }] },
        warmUp: { least: 0, most: 0 },
      },
      {
        threads,
        enough: ended => {
          looks.push(ended.map(sample => sample.scheduledAt));
          if (slow && ended.length === 0 && ++inVain === 3)
            slow.end('data: {"choices":[{"delta":{"content":"x"}}]}\n\ndata: [DONE]\n\n');
          return inVain > 2 && ended.length > 0 && looks.flat().length > 60;
        },
      },
    );
    const all = looks.flat();
    // in the order in which they were due, nothing twice, and the slow one, which alone has one token, among them
    expect(all).toEqual([...new Set(all)].sort((a, b) => a - b));
    const taken = result.samples.slice(0, all.length);
    expect(taken.map(sample => sample.scheduledAt)).toEqual(all);
    expect(taken.filter(sample => sample.tokens === 1)).toHaveLength(1);
    expect(result.samples.length).toBeLessThan(1000);
    expect(result.interrupted).toBe(false);
  },
);

test.each([1, 2])('with %d threads what runs is seen as it stands, in the order in which it was due', async threads => {
  // half of them have a first token, and none ends
  let asked = 0;
  const server = await serve((_seen, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    if (++asked % 2 === 0) response.write('data: {"choices":[{"delta":{"content":"x"}}]}\n\n');
    return true;
  });
  let seen: Parameters<NonNullable<RunOptions['enough']>>[1] = [];
  const result = await run(
    server.url,
    {
      arrivals: { kind: 'open', burstiness: Infinity, segments: [{ from: 40, to: 40, seconds: 60 }] },
      warmUp: { least: 0, most: 0 },
    },
    {
      threads,
      enough: (ended, later) => {
        expect(ended).toEqual([]);
        seen = later;
        return later.length > 60;
      },
    },
  );
  expect(seen.map(one => one.scheduledAt)).toEqual(
    result.samples.slice(0, seen.length).map(({ scheduledAt }) => scheduledAt),
  );
  expect(seen.length).toBeGreaterThan(60);
  expect(seen.filter(({ cancelled }) => !cancelled)).toEqual([]);
  const begun = seen.filter(({ firstTokenAt }) => firstTokenAt !== undefined).length;
  expect(Math.abs(begun - seen.length / 2)).toBeLessThan(8);
});

test('only the wanted share of the plan is sent', async () => {
  const server = await serve();
  let wanted = 1;
  const result = await run(
    server.url,
    { arrivals: { kind: 'open', burstiness: Infinity, segments: [{ from: 40, to: 40, seconds: 3 }] } },
    {
      wanted: () => wanted,
      enough: () => {
        wanted = 0;
        return false;
      },
    },
  );
  expect(result.samples.length).toBeGreaterThan(5);
  expect(result.samples.length).toBeLessThan(60);
});

test('an address at which nothing answers is one sentence, from one thread and from several', async () => {
  const gone = http.createServer();
  await new Promise<void>(resolve => gone.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
  await new Promise(resolve => gone.close(resolve));
  for (const threads of [1, 2])
    await expect(run(url, {}, { threads })).rejects.toThrow(
      `inference endpoint: connecting to ${url} failed: nothing answers there (ECONNREFUSED). Check that it runs and that the address is right.`,
    );
});

test('a token that is over says nothing of a server, whatever stands before it', async () => {
  const { url } = await serve((_, response) => (response.writeHead(401).end('Jwt is expired'), true));
  const { samples, trouble } = await run(url, { server: 'tiny' });
  expect(new Set(samples.map(answered))).toEqual(new Set(['none']));
  expect(trouble).toMatch(/ended with HTTP 401: Jwt is expired\. The token is missing or over\.$/);
});

test('a 429 that names no version is the limit of a gateway, or the overload of a server that no gateway stands before', async () => {
  const { url } = await serve((_, response) => (response.writeHead(429).end(), true));
  const behind = await run(url);
  expect(new Set(behind.samples.map(answered))).toEqual(new Set(['none']));
  const alone = await run(url, { server: 'tiny' });
  expect(new Set(alone.samples.map(answered))).toEqual(new Set(['bad']));
});
