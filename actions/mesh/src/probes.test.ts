import { runProbes } from './probes.ts';

const never = new AbortController().signal;

test('a probe is repeated until it holds', async () => {
  let calls = 0;
  const probe = {
    name: 'late',
    expected: 'HTTP 200',
    attempt: async () => ({ holds: ++calls === 2, seen: `HTTP ${calls}` }),
  };
  const [result] = await runProbes([probe], 10_000, never, () => undefined);
  expect(result).toMatchObject({ holds: true, attempts: 2, seen: 'HTTP 2' });
});

test('at the deadline every probe has had one chance, and no answer is an observation', async () => {
  const probe = {
    name: 'dead',
    expected: 'HTTP 200',
    attempt: async () => {
      throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    },
  };
  const results = await runProbes([probe, probe], -1, never, () => undefined);
  expect(results.map(result => [result.holds, result.seen, result.attempts])).toEqual([
    [false, 'no answer: ECONNREFUSED', 1],
    [false, 'no answer: ECONNREFUSED', 1],
  ]);
});
