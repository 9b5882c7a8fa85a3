import { loadArguments } from './load-arguments.ts';
import { judgeObjectives } from './judged-objectives.ts';

const url = ['--url', 'http://127.0.0.1:8080'];
const read = (...more: string[]) => loadArguments([...url, ...more]);

test('a rate: Poisson, a salt of its own, and no objective', async () => {
  const given = await read('--rate', '8', '--seconds', '10');
  expect(given.plan).toMatchObject({
    arrivals: { kind: 'open', burstiness: 1, segments: [{ from: 8, to: 8, seconds: 10 }] },
    promptTokens: { kind: 'fixed', tokens: 256 },
    turns: 1,
  });
  expect(given.plan.salt).not.toBe((await read('--rate', '8')).plan.salt);
  expect(given.objectives).toBeUndefined();
});

test.each<[string[], object]>([
  [
    ['--rate', '1..9', '--burstiness', 'constant'],
    { kind: 'open', burstiness: Infinity, segments: [{ from: 1, to: 9, seconds: 30 }] },
  ],
  [['--rate', '4,8,16'], { segments: [4, 8, 16].map(rate => ({ from: rate, to: rate, seconds: 10 })) }],
  [['--concurrency', '32'], { kind: 'closed', concurrency: 32, seconds: 30 }],
  [['--sweep', '1..64'], { kind: 'open', segments: [{ from: 1, to: 1, seconds: 30 }] }],
])('%j', async (flags, arrivals) => {
  expect((await read(...flags)).plan.arrivals).toMatchObject(arrivals);
});

test.each<[string, object]>([
  ['64..512', { kind: 'uniform', from: 64, to: 512 }],
  ['64..200000', { kind: 'uniform', from: 64, to: 200_000 }],
  ['64,128', { kind: 'list', tokens: [64, 128] }],
  ['lognormal:256,0.5,4096', { kind: 'lognormal', median: 256, sigma: 0.5, most: 4096 }],
])('lengths %s', async (text, lengths) => {
  expect((await read('--rate', '1', '--output-tokens', text)).plan.outputTokens).toEqual(lengths);
});

test('tools and reasoning go into each body', async () => {
  const body = { tools: [{ type: 'function', function: { name: 'weather' } }], reasoning_effort: 'low' };
  expect((await read('--rate', '1', '--body', JSON.stringify(body))).request.extra).toEqual(body);
});

test('a warm cache has no salt', async () => {
  expect((await read('--rate', '1', '--cache', 'warm')).plan.salt).toBe('');
});

test.each<[string[], RegExp]>([
  [[], /one of --rate, --concurrency, --sweep and --trace; found none/],
  [['--rate', '1', '--concurrency', '2'], /found --rate and --concurrency/],
  [['--rate', '1', '--ready-timeout', 'long'], /--ready-timeout takes a number of 0 or more; found long/],
  [['--rate', 'fast'], /--rate takes a number of 0 or more; found fast/],
  [['--rate', '1', '--ttft', '500'], /--ttft takes a percentile and a time, such as p95=500ms; found 500/],
  [['--rate', '1', '--header', 'nothing'], /--header takes NAME:VALUE/],
  [['--rate', '1', '--body', '[1]'], /--body takes a JSON object, or @FILE that holds one; found \[1\]/],
  [['--rate', '1', '--body', '@/nowhere.json'], /found @\/nowhere\.json \(ENOENT\)/],
  [['--rate', '1', '--body', '{"stream":false}'], /takes no field that other options say; found stream/],
  [['--rate', '1', '--client-id', 'x'], /--token-url and --client-id together; found --client-id/],
  [['--rate', '1', '--no-stream', '--ttft', 'p95=1s'], /--ttft needs answers that come as a stream/],
  [['--rate', '1', '--api', 'embeddings', '--itl', 'p95=1s'], /--itl needs answers that come as a stream/],
  [['--rate', '1e9'], /--rate takes 100000 at most; found 1e9/],
  [['--rate', '1', '--seconds', '1e10'], /--seconds takes 1000000 at most/],
  [
    ['--rate', '1', '--ttft', 'p101=1s'],
    /`timeToFirstToken\.percentile` must be at most 99\.99; found the number 101\./,
  ],
  [
    ['--url', 'http://me:hunter2@127.0.0.1:1', '--rate', '1'],
    /takes no name and password.* found some before 127\.0\.0\.1:1\./,
  ],
  [
    ['--url', 'http://127.0.0.1/v1/chat/completions', '--rate', '1'],
    /nothing behind it; found \/v1\/chat\/completions/,
  ],
  [
    ['--url', 'http://127.0.0.1/a?key=hunter2', '--rate', '1'],
    /a key comes by FAIRWAY_TOKEN; found a query behind 127\.0\.0\.1\/a\./,
  ],
  [
    ['--rate', '1', '--api', 'embeddings', '--turns', '2'],
    /--turns needs answers that a conversation goes on from; found emb/,
  ],
  [['--rate', '1', '--header', 'x-a: b\r\nc'], /--header takes NAME:VALUE in one line; found a line break in x-a\./],
  [['--rate', '1', '--bogus'], /Unknown option '--bogus'/],
  [['--rate', '1', '--token', 'a'], /--token would show a secret .* in the variable FAIRWAY_TOKEN\.$/],
  [['--rate', '1', '--client-secret=a'], /in the variable FAIRWAY_CLIENT_SECRET\.$/],
])('%j is said in one sentence', async (flags, message) => {
  await expect(read(...flags)).rejects.toThrow(message);
});

test('a server that starts is waited for where that is asked', async () => {
  expect((await read('--rate', '1')).readyTimeout).toBe(0);
  expect((await read('--rate', '1', '--ready-timeout', '600')).readyTimeout).toBe(600);
});

test('only the objectives given are judged, and none where the generator was too slow', async () => {
  const { objectives } = await read('--rate', '1', '--ttft', 'p95=0.5s');
  expect(objectives?.objectives.timeToFirstToken).toEqual({ percentile: 95, milliseconds: 500 });
  const samples = Array.from({ length: 200 }, (_, index) => ({
    index,
    turn: 0,
    scheduledAt: index,
    sentAt: index,
    firstTokenAt: index + 200,
    lastTokenAt: index + 9000,
    endedAt: index + 9000,
    tokens: 2,
    tokensBy: 'usage' as const,
    gaps: Float32Array.of(8800),
    gapsAreTokens: true,
    status: 200,
  }));
  const judged = judgeObjectives(objectives!, samples, false);
  expect(judged).toMatchObject({ verdict: 'pass', decisions: [{ name: 'time-to-first-token', bad: 0 }] });
  expect(judgeObjectives(objectives!, samples, true).verdict).toBe('inconclusive');
  // 0.95^59 is the first power below 0.05
  expect(judgeObjectives(objectives!, samples.slice(0, 10), false).text).toMatch(
    /^inconclusive time-to-first-token: .*about 59 requests would decide$/,
  );
});
