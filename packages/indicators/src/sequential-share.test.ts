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

test('a decision stays', () => {
  const test = new SequentialShare(options);
  test.look(598, 0);
  expect(test.look(700, 100)).toBe('pass');
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
