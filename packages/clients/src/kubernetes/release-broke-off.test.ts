import { english } from '@fairway/service/reasons/reason';
import { whenLeaseEnds } from './lease.ts';
import type { Lease } from './lease.ts';
import { askRelease, requestsIn, stepAnnotation } from './release-request.ts';
import { startObjectServer } from './testing/object-server.ts';

// a hundred times as fast
jest.mock('node:timers/promises', () => {
  const real = jest.requireActual<typeof import('node:timers/promises')>('node:timers/promises');
  const sleep = (milliseconds: number, ...rest: []) => real.setTimeout(milliseconds / 100, ...rest);
  return { ...real, setTimeout: sleep };
});

const where = { namespace: 'models', name: 'hello-release' };
const reference = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: where };
const { signal } = new AbortController();

test('a request to a runner that is gone is no sign of life: the guard sees that it broke off', async () => {
  const { cluster, stop } = await startObjectServer();
  const step = { candidate: 'abc', stable: 'def', weight: 25, step: 1, steps: 3, state: 'judging' };
  await cluster.request('POST', '/apis/coordination.k8s.io/v1/namespaces/models/leases', {
    body: {
      ...reference,
      metadata: { ...where, annotations: { [stepAnnotation]: JSON.stringify(step) } },
      spec: { holderIdentity: 'gone', renewTime: new Date().toISOString(), leaseDurationSeconds: 30 },
    },
  });
  const guard = whenLeaseEnds(cluster, where, 'gone', signal);
  const ask = (by: string) => askRelease(cluster, { request: 'pause', namespace: 'models', name: 'hello', by, signal });
  const { rejected } = await ask('ann');
  expect(rejected && english(rejected)).toMatch(/^The release of hello by gone has not answered\./);
  expect(requestsIn((await cluster.get<Lease>(reference))?.metadata.annotations).paused?.by).toBe('ann');
  // somebody asks again and again
  let ended = false;
  const asking = (async () => {
    for (let turn = 0; !ended; turn++) await ask(`person ${turn}`);
  })();
  expect(await guard).toBe('broken off');
  ended = true;
  await asking;
  await stop();
});
