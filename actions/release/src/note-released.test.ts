import { startObjectServer } from '@fairway/clients/kubernetes/testing/object-server';
import { releasedAnnotation, releasedAtAnnotation, revisionLabel } from '@fairway/clients/kubernetes/names';
import { releasedRevisions } from '@fairway/clients/kubernetes/released';
import type { Deployment } from '@fairway/clients/kubernetes/workload';
import { noteReleased } from './note-released.ts';

let objects: Awaited<ReturnType<typeof startObjectServer>>;
beforeEach(async () => {
  objects = await startObjectServer();
});
afterEach(() => objects.stop());

const notes = (id: string, at: string) => ({ [releasedAnnotation]: id, [releasedAtAnnotation]: at });
const path = '/apis/apps/v1/namespaces/chat/deployments';

async function version(revision: string, annotations?: Record<string, string>): Promise<Deployment> {
  const metadata = {
    ...{ name: `chat-${revision}`, namespace: 'chat' },
    labels: { [revisionLabel]: revision },
    ...(annotations ? { annotations } : {}),
  };
  const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: {} };
  await objects.cluster.request('POST', path, { body });
  return body as unknown as Deployment;
}
const last = async () => {
  const found = await Promise.all(
    ['old', 'new'].map(
      async revision => JSON.parse(await objects.cluster.text('GET', `${path}/chat-${revision}`)) as Deployment,
    ),
  );
  return releasedRevisions(found)[0];
};
const goesBack = async () => true;

test.each([
  ['a version that was never released', undefined],
  ['one that was released before the one that serves', notes('first', '2026-11-01T00:00:00Z')],
])('%s is the last one released only if nothing failed after it was noted', async (_name, annotations) => {
  await version('old', notes('second', '2026-11-02T00:00:00Z'));
  const candidate = await version('new', annotations);
  const released = notes('third', '2026-11-03T00:00:00Z');
  const fails = async () => {
    expect(await last()).toBe('new');
    throw new Error('the scaler cannot be patched');
  };
  await expect(noteReleased(objects.cluster, candidate, released, goesBack, fails)).rejects.toThrow('the scaler');
  expect(await last()).toBe('old');
  await noteReleased(objects.cluster, candidate, released, goesBack, async () => undefined);
  expect(await last()).toBe('new');
});

test('what users stay with is noted still', async () => {
  await version('old', notes('second', '2026-11-02T00:00:00Z'));
  const candidate = await version('new');
  const fails = () => Promise.reject(new Error('the lease is lost'));
  const released = notes('third', '2026-11-03T00:00:00Z');
  await expect(noteReleased(objects.cluster, candidate, released, async () => false, fails)).rejects.toThrow(
    'the lease',
  );
  expect(await last()).toBe('new');
});
