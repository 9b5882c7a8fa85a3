import { startSlowCluster } from '../slow-cluster.ts';

jest.setTimeout(10 * 60_000);

let slow: Awaited<ReturnType<typeof startSlowCluster>>;

beforeAll(async () => {
  slow = await startSlowCluster();
});

afterAll(() => slow?.stop());

const startup = '{ schedulingSeconds: 20, pullSeconds: 20, seconds: 70 }';

test('each part of a start has its own time, and the progress names it', async () => {
  // longer than any part may take by itself
  const { verdict, reason, said } = await slow.deploy('waited', startup, { node: 15, image: 15, model: 60 });
  expect(reason).toMatch(/^waited-[0-9a-f]{8} is ready with 1 pod\.$/);
  expect(verdict).toBe('pass');
  for (const words of [
    /^0 of 1 pods ready, waiting for a node \(\d+ of 20 s\): A node is being added for the pod .*: pod triggered scale-up: \[\{gpu-pool 0->1/,
    /^0 of 1 pods ready, pulling the image and preparing the pod \(\d+ of 20 s\)/,
    /^0 of 1 pods ready, starting the containers \(\d+ of 130 s\): The engine runs but is not ready: Startup probe failed: HTTP probe failed with statuscode: 503/,
  ])
    expect(said).toContainEqual(expect.stringMatching(words));
});

test.each([
  [
    'node',
    { node: 26, image: 1, model: 1 },
    /Given up after 2[01] s of waiting for a node\. If it needs longer, say so with startup\.schedulingSeconds in fairway\.yaml\./,
  ],
  [
    'image',
    { node: 1, image: 26, model: 1 },
    /Given up after 2[01] s of pulling the image and preparing the pod\. If it needs longer, say so with startup\.pullSeconds in fairway\.yaml\./,
  ],
  // the kubelet starts it again after 70 s, and the second time is not waited for
  [
    'model',
    { node: 1, image: 1, model: 71 },
    /The engine started but does not become healthy: .*Given up after 13[01] s of starting the containers\. If it needs longer, say so with startup\.seconds in fairway\.yaml\./,
  ],
])('a start that takes too long for its %s fails with the time to change', async (part, takes, expected) => {
  const { verdict, reason } = await slow.deploy(`late-${part}`, startup, takes);
  expect(verdict).toBe('fail');
  expect(reason).toMatch(expected);
  expect(reason).toMatch(/The new version was removed\. There was no version before it\.$/);
});
