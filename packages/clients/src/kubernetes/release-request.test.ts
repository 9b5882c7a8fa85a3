import { english } from '@fairway/service/reasons/reason';
import { isTaken, takeLease } from './lease.ts';
import type { HeldLease, Lease } from './lease.ts';
import { askRelease, requestsIn, runningRelease, stateOf, stepAnnotation } from './release-request.ts';
import type { AskResult, ReleaseRequest, ReleaseStep } from './release-request.ts';
import { startObjectServer } from './testing/object-server.ts';

const where = { namespace: 'models', name: 'hello-release' };
const reference = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: where };
const { signal } = new AbortController();
const step = { candidate: 'abc', stable: 'def', weight: 25, step: 1, steps: 3 } as const;

let server: Awaited<ReturnType<typeof startObjectServer>>;
let held: HeldLease | undefined;

beforeEach(async () => {
  server = await startObjectServer();
});
afterEach(async () => {
  await held?.release();
  held = undefined;
  await server.stop();
});

async function take(holder: string): Promise<HeldLease> {
  const lease = await takeLease(server.cluster, where, holder, signal);
  if (isTaken(lease)) throw new Error(`held by ${lease.holder}`);
  return (held = lease);
}

const announce = (lease: HeldLease, state: ReleaseStep['state']) =>
  lease.annotate(stepAnnotation, JSON.stringify({ ...step, state } satisfies ReleaseStep));

const ask = (request: ReleaseRequest, candidate?: string, by = 'ann') =>
  askRelease(server.cluster, { request, namespace: 'models', name: 'hello', candidate, by, signal });

const said = ({ rejected }: AskResult) => rejected && english(rejected);

/** A release that hears what it is asked. */
async function listen(lease: HeldLease): Promise<void> {
  for (let state: ReleaseStep['state'] | undefined; state !== 'promoted';) {
    const now = stateOf(requestsIn(await lease.annotations()));
    if (now !== state) await announce(lease, (state = now));
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

test('a release hears who pauses, resumes and promotes it, and whoever asks is answered once it has', async () => {
  const lease = await take('d1 on runner');
  const listening = listen(lease);
  while (said(await ask('pause', 'abc'))) await new Promise(resolve => setTimeout(resolve, 50));
  const paused = runningRelease((await server.cluster.get<Lease>(reference))!);
  expect(paused).toMatchObject({ ...step, holder: 'd1 on runner', state: 'paused', paused: { by: 'ann' } });
  // the first who paused it is the one who is named
  expect(await ask('pause', 'abc', 'bob')).toMatchObject({ release: { paused: { by: 'ann' } } });
  const resumed = await ask('resume', 'abc');
  expect(resumed).toMatchObject({ release: { state: 'judging', weight: 25 } });
  expect((resumed as { release: object }).release).not.toHaveProperty('paused.by');
  expect(await ask('promote', 'abc')).toMatchObject({ release: { state: 'promoted', promoted: { by: 'ann' } } });
  expect(said(await ask('pause', 'abc'))).toBe('ann has promoted abc already.');
  await listening;
});

test('what somebody asks is no loss of the lease, and goes with its holder', async () => {
  const lease = await take('d1 on runner');
  await announce(lease, 'paused');
  const before = (await server.cluster.get<Lease>(reference))!;
  await server.cluster.request('PUT', await server.cluster.path(reference), {
    body: { ...before, metadata: { ...before.metadata, annotations: { ...before.metadata.annotations, other: 'x' } } },
  });
  await announce(lease, 'judging');
  expect(await lease.annotations()).toMatchObject({ other: 'x' });
  expect(lease.lost.aborted).toBe(false);
  await lease.release();
  expect((await server.cluster.get(reference))?.metadata.annotations ?? {}).toEqual({});
});

test('nothing is asked of nobody, of what is no release, of another candidate, and of a release that broke off', async () => {
  expect(said(await ask('pause'))).toBe('No release of hello moves users now.');
  const lease = await take('rollback on laptop');
  expect(said(await ask('pause'))).toMatch(/^No release of hello is in its steps: rollback on laptop holds its lease/);
  await announce(lease, 'judging');
  expect(said(await ask('promote', 'other'))).toBe(
    'hello now releases abc, which is not what you saw. Nothing was asked; look again.',
  );
  await server.cluster.request('PATCH', await server.cluster.path(reference), {
    body: { spec: { renewTime: '2026-01-01T00:00:00.000000Z' } },
  });
  expect(said(await ask('pause', 'abc'))).toMatch(/broke off: it renewed its lease last at 2026-01-01/);
  expect(requestsIn(await lease.annotations())).toEqual({});
});
