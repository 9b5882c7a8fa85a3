import { randomLcg } from 'd3-random';
import { tinyService } from '../../../test/fixtures/service.ts';
import { loadSize } from './load-size.ts';
import { SequentialShare } from './sequential-share.ts';

const options = { allowed: 0.005, falsePass: 0.05, falseFail: 0.05, horizon: 598 };

test('looked at once, at its horizon, it is the test of Clopper and Pearson', () => {
  expect(new SequentialShare(options).look(598, 0)).toBe('pass');
  expect(new SequentialShare({ ...options, horizon: 597 }).look(597, 0)).toBeUndefined();
  expect(new SequentialShare(options).look(598, 1)).toBeUndefined();
});

test('nothing smaller than the smallest sample passes, however often one looks', () => {
  const often = new SequentialShare(options);
  for (let events = 1; events < 598; events++) expect(often.look(events, 0)).toBeUndefined();
  expect(often.look(598, 0)).toBe('pass');
});

test('a service that fails always is stopped at once', () => {
  const test = new SequentialShare({ ...options, horizon: 1829 });
  expect(test.look(5, 5)).toBe('fail');
});

test('a fail stays', () => {
  const test = new SequentialShare(options);
  expect(test.look(100, 50)).toBe('fail');
  expect(test.look(100_000, 50)).toBe('fail');
});

test('what passed is judged on: it fails when what comes later is bad', () => {
  const test = new SequentialShare({ ...options, allowed: 0.05, horizon: 1829 });
  expect(test.look(600, 3)).toBe('pass');
  expect(test.look(700, 103)).toBe('fail');
});

test('a pass holds while all events together would pass one exact look, and comes back when they do again', () => {
  const test = new SequentialShare({ ...options, allowed: 0.05, horizon: 1829 });
  expect(test.look(600, 3)).toBe('pass');
  // scipy: binom.cdf(25, 700, 0.05) = 0.0446, binom.cdf(26, 700, 0.05) = 0.0655
  expect(test.look(700, 25)).toBe('pass');
  expect(test.look(700, 26)).toBeUndefined();
  expect(test.look(1200, 26)).toBe('pass');
});

test('events that are counted as fewer take a pass back, and decide nothing new', () => {
  const test = new SequentialShare({ ...options, allowed: 0.05, horizon: 200 });
  expect(test.look(150, 0)).toBe('pass');
  // 58 events without a bad one are one too few for p95
  expect(test.look(58, 0)).toBeUndefined();
  expect(test.look(58, 58)).toBeUndefined();
  expect(test.look(160, 0)).toBe('pass');
});

test('looked at to the end, whatever passed on the way, the wrong decisions stay within the risk', () => {
  const random = randomLcg(7);
  const runs = 3000;
  const found = { pass: 0, fail: 0, once: 0 };
  for (let run = 0; run < runs; run++) {
    const test = new SequentialShare({ ...options, allowed: 0.05, horizon: 400 });
    let bad = 0;
    let verdict: 'pass' | 'fail' | undefined;
    let passed = false;
    for (let look = 1; look <= 20; look++) {
      for (let event = 0; event < 20; event++) if (random() < 0.05) bad++;
      verdict = test.look(20 * look, bad);
      passed ||= verdict === 'pass';
    }
    if (verdict) found[verdict]++;
    if (passed) found.once++;
  }
  // three deviations of a share of 5 % in so many runs are 1.2 %
  expect(found.once / runs).toBeLessThan(0.062);
  expect(found.pass).toBeLessThanOrEqual(found.once);
  expect(found.fail / runs).toBeLessThan(0.062);
});

test('many times the events that were expected still decide', () => {
  const look = (bad: number) => {
    const test = new SequentialShare({ ...options, allowed: 0.05, horizon: 100 });
    for (let events = 1000; events < 20_000; events += 1000)
      expect(test.look(events, Math.round(events * 0.05))).toBeUndefined();
    return test.look(20_000, bad);
  };
  // six deviations of 31 below and above the 1000 that are allowed
  expect(look(815)).toBe('pass');
  expect(look(1000)).toBeUndefined();
  expect(look(1185)).toBe('fail');
});

/** P(decision) by carrying the distribution of the count from event to event, without any of the code under test. */
function chances(share: number, allowed: number, looks: readonly number[], horizon: number) {
  const decided = { pass: 0, fail: 0 };
  let open = new Map([['0', 1]]);
  // the boundary at each look is found by asking a test that has seen the same looks with a count that decides nothing
  const boundary = (index: number, bad: number) => {
    const test = new SequentialShare({ allowed, falsePass: 0.05, falseFail: 0.05, horizon });
    for (const earlier of looks.slice(0, index)) test.look(earlier, earlier * allowed);
    return test.look(looks[index]!, bad);
  };
  let events = 0;
  for (const [index, look] of looks.entries()) {
    for (; events < look; events++) {
      const next = new Map<string, number>();
      for (const [bad, chance] of open) {
        next.set(bad, (next.get(bad) ?? 0) + chance * (1 - share));
        const more = String(Number(bad) + 1);
        next.set(more, (next.get(more) ?? 0) + chance * share);
      }
      open = next;
    }
    for (const [bad, chance] of open) {
      const decision = boundary(index, Number(bad));
      if (!decision) continue;
      decided[decision] += chance;
      open.delete(bad);
    }
  }
  return decided;
}

test.each([
  [0.05, 400],
  [0.2, 200],
  [0.5, 100],
])('over all looks the wrong decisions at an allowed share of %d stay within the risk', (allowed, horizon) => {
  const looks = Array.from({ length: 10 }, (_, index) => ((index + 1) * horizon) / 10);
  const at = chances(allowed, allowed, looks, horizon);
  expect(at.pass).toBeLessThanOrEqual(0.05);
  expect(at.fail).toBeLessThanOrEqual(0.05);
  // and the risk is used, so that decisions come as early as they may
  expect(at.pass).toBeGreaterThan(0.02);
  // a service four times better than its objective passes where the sample is twice what it needs (181 at 5 %)
  expect(chances(allowed / 4, allowed, looks, horizon).pass).toBeGreaterThan(0.9);
});

test.each([0.05, 0.2])(
  'a load test of the advised length passes a service that is four times better than an allowed share of %d in nine of ten runs',
  allowed => {
    const lenient = { percentile: 50, milliseconds: 500 };
    const { objectives } = tinyService({
      objectives: {
        ...{ availability: 100 * (1 - allowed), goodput: 20 },
        ...{ timeToFirstToken: lenient, interTokenLatency: lenient },
      },
    });
    const { requests } = loadSize({
      objectives,
      load: { requestsPerSecond: 1, maxSeconds: undefined, promptTokens: 1, outputTokens: 1 },
    });
    const looks = Array.from({ length: 40 }, (_, index) => Math.ceil(((index + 1) * requests) / 40));
    expect(chances(allowed / 4, allowed, looks, requests).pass).toBeGreaterThanOrEqual(0.9);
  },
);
