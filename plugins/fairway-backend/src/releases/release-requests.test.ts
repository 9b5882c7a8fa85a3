import { mockCredentials } from '@backstage/backend-test-utils';
import type { DeploymentView } from '@fairway/backstage-plugin-fairway-common';
import { isTaken, takeLease } from '@fairway/clients/kubernetes/lease';
import type { HeldLease } from '@fairway/clients/kubernetes/lease';
import { requestsIn, stateOf, stepAnnotation } from '@fairway/clients/kubernetes/release-request';
import type { ReleaseStepState } from '@fairway/clients/kubernetes/release-request';
import { startObjectServer } from '@fairway/clients/kubernetes/testing/object-server';
import request from 'supertest';
import { noViews, startTestPortal } from '../testing/test-portal.ts';

const place = { cluster: 'east', namespace: 'hello', service: 'hello-llm' };
const ann = mockCredentials.user.header('user:default/ann');
const step = { candidate: 'new', stable: 'old', weight: 25, step: 1, steps: 3 };

let objects: Awaited<ReturnType<typeof startObjectServer>>;
let lease: HeldLease;

beforeEach(async () => {
  objects = await startObjectServer();
  const held = await takeLease(
    objects.cluster,
    { namespace: 'hello', name: 'hello-llm-release' },
    'd1 on runner',
    new AbortController().signal,
  );
  if (isTaken(held)) throw new Error(`held by ${held.holder}`);
  lease = held;
});
afterEach(async () => {
  await lease.release();
  await objects.stop();
});

const announce = (state: string) => lease.annotate(stepAnnotation, JSON.stringify({ ...step, state }));

/** A release hears what is asked. */
async function hear(state: ReleaseStepState): Promise<void> {
  for (;;) {
    if (stateOf(requestsIn(await lease.annotations())) === state) return announce(state);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

const old: DeploymentView['versions'][number] = {
  ...{ revision: 'old', image: 'i', replicas: 2, readyReplicas: 1, weight: 75, state: 'starting', pods: [] },
  createdAt: '2026-11-26T08:00:00Z',
};

async function portal({ actions = true, readyReplicas = 1 } = {}) {
  const release = { holder: 'd1 on runner', ...step, state: 'judging' as const };
  const view: DeploymentView = { ...place, versions: [{ ...old, readyReplicas }], release };
  const createClusterViews = () => ({
    ...noViews.createClusterViews({} as never),
    deployments: () => ({ clusters: [], items: [view] }),
    writable: (name: string) => (actions && name === 'east' ? objects.cluster : undefined),
  });
  const { server, audit } = await startTestPortal({
    ...{ users: true, views: { createClusterViews: createClusterViews as never } },
  });
  const post = async (verb: string, { candidate = 'new', header = ann, cluster = 'east' } = {}) => {
    const path = `/api/fairway/clusters/${cluster}/services/hello/hello-llm/release/${verb}`;
    const { status, body } = await request(server).post(path).set('authorization', header).send({ candidate });
    return { status, body, code: body.error?.coded?.code as string | undefined };
  };
  return { post, audit };
}

test('a person pauses, resumes and promotes a release, which then has the name, with audit events', async () => {
  const { post, audit } = await portal();
  await announce('judging');
  const [paused] = await Promise.all([post('pause'), hear('paused')]);
  expect(paused).toMatchObject({
    status: 200,
    body: { holder: 'd1 on runner', ...step, state: 'paused', paused: { by: 'user:default/ann' } },
  });
  const [resumed] = await Promise.all([post('resume'), hear('judging')]);
  expect(resumed).toMatchObject({ status: 200, body: { state: 'judging' } });
  const [promoted] = await Promise.all([post('promote'), hear('promoted')]);
  expect(promoted).toMatchObject({ status: 200, body: { promoted: { by: 'user:default/ann' } } });
  const meta = { ...place, candidate: 'new' };
  expect(audit).toEqual(
    ['release-pause', 'release-resume', 'release-promote'].map(eventId => ({ eventId, status: 'succeeded', meta })),
  );
});

test('a release is aborted once, and only while there is something to go back to', async () => {
  await announce('judging');
  const alone = await portal({ readyReplicas: 0 });
  expect(await alone.post('abort')).toMatchObject({ status: 409, code: 'release.noStable' });
  expect(requestsIn(await lease.annotations())).toEqual({});
  const { post, audit } = await portal();
  const [aborted] = await Promise.all([post('abort'), hear('aborted')]);
  expect(aborted).toMatchObject({ status: 200, body: { state: 'aborted', aborted: { by: 'user:default/ann' } } });
  expect(audit).toEqual([{ eventId: 'release-abort', status: 'succeeded', meta: { ...place, candidate: 'new' } }]);
  for (const verb of ['abort', 'promote', 'pause'])
    expect(await post(verb)).toMatchObject({ status: 409, code: 'release.aborted' });
  await lease.release();
  expect(await post('abort')).toMatchObject({ status: 409, code: 'release.none' });
});

test('nothing is asked of what is no release, of another candidate, and where the portal only looks', async () => {
  const { post, audit } = await portal();
  expect(await post('pause')).toMatchObject({ status: 409, code: 'release.other' });
  await announce('judging');
  expect(await post('promote', { candidate: 'seen-before' })).toMatchObject({ status: 409, code: 'release.changed' });
  expect(await post('pause', { cluster: 'west' })).toMatchObject({ status: 404, code: 'rollback.unseen' });
  expect(requestsIn(await lease.annotations())).toEqual({});
  expect(audit.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
  const looking = await portal({ actions: false });
  expect(await looking.post('pause')).toMatchObject({ status: 409, code: 'release.off' });
});

test('a machine asks by its own means, not by the portal', async () => {
  const { post } = await portal();
  expect(await post('promote', { header: mockCredentials.service.header() })).toMatchObject({
    status: 403,
  });
});
