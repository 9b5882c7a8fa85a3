import { startSlowCluster } from '../slow-cluster.ts';

jest.setTimeout(45 * 60_000);

let slow: Awaited<ReturnType<typeof startSlowCluster>>;

beforeAll(async () => {
  slow = await startSlowCluster();
});

afterAll(() => slow?.stop());

// what a large model takes on a node that an autoscaler makes: half an hour in all
const takes = { node: 4 * 60, image: 5 * 60, model: 20 * 60 };

test('a model that loads for twenty minutes is waited for, and one second less is too little', async () => {
  const [waited, late] = await Promise.all([
    slow.deploy('waited', '{ seconds: 1230 }', takes),
    slow.deploy('late', '{ seconds: 1199 }', takes),
  ]);
  expect(waited).toMatchObject({ verdict: 'pass', outputs: { pods: '1' } });
  for (const words of [
    /waiting for a node \(2[34]\d of 600 s\): A node is being added/,
    /pulling the image and preparing the pod \((29\d|30\d) of 1800 s\)/,
    /starting the containers \(11\d\d of 1290 s\): The engine runs but is not ready/,
  ])
    expect(waited.said).toContainEqual(expect.stringMatching(words));
  expect(late.verdict).toBe('fail');
  expect(late.reason).toMatch(
    /The engine started but does not become healthy: .*Given up after 12(59|60) s of starting the containers\. If it needs longer, say so with startup\.seconds in fairway\.yaml\./,
  );
});
