import { connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { isTaken, takeLease } from '@fairway/clients/kubernetes/lease';
import type { HeldLease } from '@fairway/clients/kubernetes/lease';
import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { platform } from '../e2e/platform.ts';

const namespace = 'lease-test';
const where = { namespace, name: 'chat-release' };
const reference = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: where };
const signal = new AbortController().signal;
let cluster: Cluster;

beforeAll(async () => {
  cluster = await connectCluster(platform.kubernetes);
  await applyObjects(cluster, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
});

afterAll(async () => {
  await cluster.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
});

async function held(holder: string, urgent = false): Promise<HeldLease> {
  const lease = await takeLease(cluster, where, holder, signal, urgent);
  if (isTaken(lease)) throw new Error(`held by ${lease.holder}`);
  return lease;
}

test('one holds it, another one is told who, and gets it once it is given back', async () => {
  const first = await held('first');
  expect(first.brokenOff).toBeUndefined();
  expect(await takeLease(cluster, where, 'second', signal)).toMatchObject({ holder: 'first' });
  await first.release();
  const second = await held('second');
  expect(second.brokenOff).toBeUndefined();
  await second.release();
});

test('of two that ask at the same time one gets it', async () => {
  const both = await Promise.all(['a', 'b'].map(holder => takeLease(cluster, where, holder, signal)));
  expect(both.filter(lease => !isTaken(lease))).toHaveLength(1);
  for (const lease of both) if (!isTaken(lease)) await lease.release();
});

test('a lease that nobody renews is taken over, and says whose work broke off', async () => {
  const crashed = await held('crashed');
  // its process is gone: nobody renews, and the last renewal is long ago
  await cluster.request('PATCH', await cluster.path(reference), {
    body: { spec: { renewTime: '2026-01-01T00:00:00.000000Z' } },
    contentType: 'application/merge-patch+json',
  });
  const next = await held('next', true);
  expect(next.brokenOff).toBe('crashed');
  // the one that was slow to renew finds out
  await new Promise<void>(resolve => crashed.lost.addEventListener('abort', () => resolve()));
  expect(String(crashed.lost.reason)).toMatch(/somebody else holds it now/);
  await crashed.release();
  await next.release();
});

test('who lost it and puts right what he did asks first who has it: nobody, somebody, or somebody who has given it back', async () => {
  const age = async (holder: string) =>
    cluster.request('PATCH', await cluster.path(reference), {
      body: { spec: { holderIdentity: holder, renewTime: '2026-01-01T00:00:00.000000Z' } },
      contentType: 'application/merge-patch+json',
    });
  const slow = await held('slow');
  expect(await slow.takenBy()).toBeUndefined();
  // somebody had it when it was to be renewed, and it is its own again
  await age('next');
  await new Promise<void>(resolve => slow.lost.addEventListener('abort', () => resolve()));
  await age('slow');
  expect(await slow.takenBy()).toBeUndefined();
  expect(await takeLease(cluster, where, 'next', signal)).toMatchObject({ holder: 'slow' });
  await slow.release();

  const robbed = await held('robbed');
  await age('robbed');
  const next = await held('next', true);
  await new Promise<void>(resolve => robbed.lost.addEventListener('abort', () => resolve()));
  expect(await robbed.takenBy()).toBe('next');
  await next.release();
  expect(await robbed.takenBy()).toBe('somebody who has given it back');
  await robbed.release();
}, 60_000);

test('what is asked of its holder stays through renewals, and goes with it', async () => {
  const lease = await held('first');
  await lease.annotate('fairway.dev/mine', '1');
  const found = (await cluster.get(reference))!;
  await cluster.request('PUT', await cluster.path(reference), {
    body: {
      ...found,
      metadata: { ...found.metadata, annotations: { ...found.metadata.annotations, 'fairway.dev/theirs': '2' } },
    },
  });
  // the next renewal
  await new Promise(resolve => setTimeout(resolve, 11_000));
  expect(lease.lost.aborted).toBe(false);
  expect(await lease.annotations()).toEqual({ 'fairway.dev/mine': '1', 'fairway.dev/theirs': '2' });
  await lease.release();
  expect((await cluster.get(reference))?.metadata.annotations).toBeUndefined();
}, 60_000);
