import { setTimeout as sleep } from 'node:timers/promises';
import { together } from './together.ts';

const never = () => new AbortController().signal;

test('gives the results in the order of the tasks', async () => {
  const results = await together<[string, number]>(never(), [
    async () => {
      await sleep(5);
      return 'slow';
    },
    async () => 2,
  ]);
  expect(results).toEqual(['slow', 2]);
});

test('a failure cancels the others and is thrown once they have ended', async () => {
  let ended = false;
  const run = together<[void, void]>(never(), [
    async () => {
      throw new Error('first');
    },
    async signal => {
      try {
        await sleep(60_000, undefined, { signal });
      } finally {
        ended = true;
      }
    },
  ]);
  await expect(run).rejects.toThrow('first');
  expect(ended).toBe(true);
});

test('cancelling from outside reaches every task and keeps its reason', async () => {
  const controller = new AbortController();
  const run = together<[void]>(controller.signal, [
    async signal => {
      await sleep(60_000, undefined, { signal }).catch(() => signal.throwIfAborted());
    },
  ]);
  controller.abort(new Error('enough'));
  await expect(run).rejects.toThrow('enough');
});
