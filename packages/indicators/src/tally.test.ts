import { tinyService } from '../../../test/fixtures/service.ts';
import { eventsNeeded, ObjectiveJudge, overall } from './judge.ts';
import type { RequestSample } from './request-sample.ts';
import { RequestTally } from './tally.ts';

const { objectives } = tinyService({
  objectives: {
    availability: 90,
    timeToFirstToken: { percentile: 90, milliseconds: 500 },
    interTokenLatency: { percentile: 90, milliseconds: 50 },
    goodput: 90,
  },
});

/** 11 tokens after 100 ms, 20 ms apart. */
const good: RequestSample = {
  scheduledAt: 0,
  sentAt: 5,
  firstTokenAt: 100,
  lastTokenAt: 300,
  endedAt: 301,
  tokens: 11,
  tokensBy: 'usage',
  gaps: Array.from({ length: 10 }, () => 20),
  status: 200,
  revision: 'a',
};
const broken: RequestSample = {
  scheduledAt: 0,
  sentAt: 0,
  endedAt: 10,
  tokensBy: 'chunks',
  gaps: [],
  error: 'connection',
};

function counts(...samples: readonly RequestSample[]) {
  const tally = new RequestTally(objectives);
  tally.add(samples);
  return tally.counts();
}

const one = (bad: number) => ({ events: 1, bad });
const none = { events: 0, bad: 0 };

test.each<[string, RequestSample, object]>([
  ['a good answer', good, { availability: one(0), 'time-to-first-token': one(0), goodput: one(0) }],
  [
    'a late first token',
    { ...good, firstTokenAt: 501, lastTokenAt: 701 },
    { availability: one(0), 'time-to-first-token': one(1), goodput: one(1) },
  ],
  [
    'a lost connection: slower than every objective',
    broken,
    { availability: one(1), 'time-to-first-token': one(1), 'inter-token-latency': none, goodput: one(1) },
  ],
  [
    'an error inside a 200 stream that had begun in time',
    { ...good, error: 'engine' },
    { availability: one(1), 'time-to-first-token': one(0), goodput: one(1) },
  ],
  [
    'a stream without a token',
    { ...broken, status: 200, error: 'empty' },
    { availability: one(1), 'time-to-first-token': one(1) },
  ],
  [
    "the gateway's limit of this sender",
    { ...broken, status: 429, error: 'status' },
    { availability: none, 'time-to-first-token': none, goodput: none },
  ],
  [
    'a version that is overloaded',
    { ...broken, status: 429, error: 'status', revision: 'a' },
    { availability: one(1), goodput: one(1) },
  ],
  ['a token that ended', { ...broken, status: 401, error: 'status' }, { availability: none, goodput: none }],
  ['a false denial of a valid request', { ...broken, status: 403, error: 'status' }, { availability: one(1) }],
  [
    'cancelled after the first token',
    { ...good, cancelled: true },
    { availability: none, 'time-to-first-token': one(0), goodput: none },
  ],
  [
    'cancelled in time before it',
    { ...broken, cancelled: true, endedAt: 400 },
    { availability: none, 'time-to-first-token': none },
  ],
  [
    'cancelled because it was late',
    { ...broken, cancelled: true, endedAt: 600 },
    { availability: none, 'time-to-first-token': one(1) },
  ],
  [
    'slow tokens',
    { ...good, lastTokenAt: 700, gaps: Array.from({ length: 10 }, () => 60) },
    { 'inter-token-latency': one(1), goodput: one(1), availability: one(0) },
  ],
])('%s', (_name, sample, expected) => {
  expect(counts(sample)).toMatchObject(expected);
});

const whole: Partial<RequestSample> = { firstTokenAt: undefined, lastTokenAt: undefined, gaps: [] };

test.each<[string, Partial<RequestSample>, object]>([
  ['a whole answer that took longer than the first token may', { ...whole, endedAt: 900 }, { bad: 1, leastBad: 0 }],
  ['a whole answer within the time of the first token', { ...whole, endedAt: 400 }, { bad: 0 }],
  ['the same with too few tokens', { ...whole, endedAt: 400, tokens: 4 }, { bad: 1, leastBad: 0 }],
  ['an embedding', { ...whole, endedAt: 400, tokens: 1, tokensBy: 'chunks' }, { bad: 0 }],
  ['slow chunks, uncounted', { lastTokenAt: 700, tokensBy: 'chunks' }, { bad: 1, leastBad: 0 }],
  ['slow chunks, a late first', { firstTokenAt: 600, lastTokenAt: 1200, tokensBy: 'chunks' }, { bad: 1 }],
  ['quick chunks, uncounted', { tokensBy: 'chunks' }, { bad: 0 }],
])('goodput of %s', (_name, changed, expected) => {
  // objectives: 500 ms to the first token, 50 ms a token
  expect(counts({ ...good, ...changed }).goodput).toMatchObject({ events: 1, ...expected });
  expect('leastBad' in counts({ ...good, ...changed }).goodput).toBe('leastBad' in expected);
});

test('a request counts once for its gaps, with its share of slow ones', () => {
  const half = { ...good, gaps: [20, 20, 20, 20, 20, 60, 60, 60, 60, 60] };
  expect(counts(good, half)['inter-token-latency']).toEqual({ events: 2, bad: 0.5 });
});

test('answers of uneven length count as fewer', () => {
  const long = { ...good, tokens: 101, gaps: Array.from({ length: 100 }, () => 20) };
  // (100 + 10 + 10)² / (100² + 10² + 10²) = 1.41
  expect(counts(long, good, good)['inter-token-latency'].events).toBe(1);
});

test.each<[string, RequestSample]>([
  ['nobody counted the tokens', { ...good, tokensBy: 'chunks' }],
  ['two tokens a chunk', { ...good, tokens: 21 }],
])('%s: gaps between chunks are the most that those between tokens can be', (_name, sample) => {
  const look = (one: RequestSample) =>
    new ObjectiveJudge(objectives, 100).look(counts(...Array.from({ length: 100 }, () => one)));
  expect(overall(look(sample))).toBe('pass');
  // long chunks of short gaps between tokens, or long gaps: nobody knows
  const judged = look({ ...sample, gaps: Array.from({ length: 10 }, () => 60) });
  expect(judged.find(decision => decision.name === 'inter-token-latency')).toMatchObject({
    verdict: 'inconclusive',
    limitation: expect.stringMatching(/chunks/),
  });
  expect(overall(judged)).toBe('inconclusive');
});

test('one answer of many that nobody counted leaves slow tokens slow', () => {
  const slow = { ...good, lastTokenAt: 700, gaps: Array.from({ length: 10 }, () => 60) };
  const many = Array.from({ length: 99 }, () => slow);
  const [, , judged] = new ObjectiveJudge(objectives, 100).look(counts(...many, { ...slow, tokensBy: 'chunks' }));
  expect(judged).toEqual({ name: 'inter-token-latency', verdict: 'fail', events: 100, bad: 100 });
});

test('figures are values that were measured, with ends that few requests leave open', () => {
  const tally = new RequestTally(objectives);
  tally.add(
    Array.from({ length: 10 }, (_, index) => ({ ...good, firstTokenAt: 100 + index, lastTokenAt: 300 + index })),
  );
  tally.add([broken]);
  const figures = tally.figures();
  expect(figures['time-to-first-token']).toMatchObject({ value: 109, high: Infinity });
  expect(figures.availability?.value).toBeCloseTo((100 * 10) / 11);
  // scipy: beta.ppf(0.05, 10, 2), beta.ppf(0.95, 11, 1)
  expect(figures.availability?.low).toBeCloseTo(63.5641, 3);
  expect(figures.availability?.high).toBeCloseTo(99.5348, 3);
});

test('what an undecided sample says of the number that decides', () => {
  const judge = new ObjectiveJudge(objectives, 1000);
  const decision = judge.look(counts(...Array.from({ length: 10 }, () => good)))[0]!;
  expect(decision.verdict).toBe('inconclusive');
  // 0.9^29 is the first power below 0.05
  expect(eventsNeeded(decision, objectives)).toBe(29);
});

test('the number that decides is more than there were, also where looking often made the boundary stricter', () => {
  const decision = (events: number, bad: number) => ({
    ...{ name: 'availability' as const, verdict: 'inconclusive' as const, events, bad },
  });
  // of 181 requests 11 may be bad to pass one look (scipy: binom.cdf(11, 181, 0.1) = 0.0441), and many looks leave fewer
  for (const bad of [0, 5, 9, 11]) expect(eventsNeeded(decision(181, bad), objectives)).toBeGreaterThan(181);
  expect(eventsNeeded(decision(1000, 100), objectives)).toBeUndefined();
});

test('a service that gets slow after its first tokens had passed fails, while availability still needs requests', () => {
  const { objectives: strict } = tinyService({
    objectives: {
      availability: 99,
      timeToFirstToken: { percentile: 90, milliseconds: 500 },
      interTokenLatency: { percentile: 90, milliseconds: 50 },
      goodput: 50,
    },
  });
  const tally = new RequestTally(strict);
  const judge = new ObjectiveJudge(strict, 913);
  const verdicts = (sample: RequestSample) => {
    tally.add(Array.from({ length: 50 }, () => sample));
    return judge.look(tally.counts()).map(one => one.verdict);
  };
  verdicts(good);
  verdicts(good);
  verdicts(good);
  expect(verdicts(good)).toEqual(['inconclusive', 'pass', 'pass', 'pass']);
  // 50 of 250 are late, where a tenth may be
  expect(verdicts({ ...good, firstTokenAt: 800, lastTokenAt: 1000, endedAt: 1001 })[1]).toBe('fail');
});

test('of requests that have not ended the time to the first token counts, up to the first of which it is not known', () => {
  const tally = new RequestTally(objectives);
  tally.add([good]);
  const running = (scheduledAt: number, firstTokenAt?: number): RequestSample => ({
    ...{ scheduledAt, sentAt: scheduledAt, firstTokenAt, endedAt: 2000 },
    ...{ tokensBy: 'chunks', gaps: [], cancelled: true },
  });
  const rejected: RequestSample = { ...broken, scheduledAt: 1100, endedAt: 1110, error: 'status', status: 429 };
  // in time, rejected, late, too late without a token, and one that may still be in time; behind it nothing is known
  const later = [running(1000, 1100), rejected, running(1200, 1900), running(1400), running(1600), running(1700, 1710)];
  expect(tally.counts(later)).toMatchObject({ 'time-to-first-token': { events: 4, bad: 2 }, availability: one(0) });
  expect(tally.figures(later)['time-to-first-token']!.value).toBe(Infinity);
  expect(tally.counts()).toMatchObject({ 'time-to-first-token': one(0) });
});
