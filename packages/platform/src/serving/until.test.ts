import { until } from './until.ts';

const never = new AbortController().signal;

test('asks until the answer is true', async () => {
  let asked = 0;
  await until('the third answer', 10_000, never, async () => ++asked === 3 || 'too early');
  expect(asked).toBe(3);
});

test('says after the deadline what was waited for, what was still missing and why', async () => {
  const wait = until(
    'the gateway',
    0,
    never,
    async () => 'it has no address',
    async () => 'The pod has no image.',
  );
  await expect(wait).rejects.toThrow('waiting 0 s for the gateway failed: it has no address. The pod has no image.');
});

test('ends at once when it is cancelled', async () => {
  const cancelled = new AbortController();
  const wait = until('something', 60_000, cancelled.signal, async () => 'not yet');
  cancelled.abort(new Error('stopped'));
  await expect(wait).rejects.toThrow();
});

test('a failure of the question is not waited out', async () => {
  const wait = until('something', 60_000, never, () => Promise.reject(new Error('refused')));
  await expect(wait).rejects.toThrow('refused');
});
