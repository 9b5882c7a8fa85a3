import { oneAtATime } from './one-at-a-time.ts';

it('shares one further run among the calls that come while one runs', async () => {
  let runs = 0;
  let atOnce = 0;
  const run = oneAtATime(async () => {
    atOnce += 1;
    expect(atOnce).toBe(1);
    runs += 1;
    await new Promise(resolve => setTimeout(resolve, 5));
    atOnce -= 1;
  });
  await Promise.all([run(), run(), run()]);
  expect(runs).toBe(2);
  await run();
  expect(runs).toBe(3);
});

it('runs again after a failure, which only those hear who asked for it', async () => {
  let runs = 0;
  const run = oneAtATime(async () => {
    runs += 1;
    if (runs === 1) throw new Error('the first one fails');
  });
  const first = run();
  const second = run();
  await expect(first).rejects.toThrow('the first one fails');
  await expect(second).resolves.toBeUndefined();
});
