import type { ClusterEvent, HttpRoute, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { deploymentViews, eventGroup, ofService, podGroup } from './deployment-views.ts';
import type { OneService } from '../cluster-views.ts';
import { servingVersions } from '../deliveries/production.ts';
import { Groups } from './groups.ts';
import { keepDeployment } from './watched-deployment.ts';
import { keepEvent } from './watched-event.ts';
import { keepPod } from './watched-pod.ts';
import { isStopped, keepLease } from './watched-lease.ts';
import type { WatchedLease } from './watched-lease.ts';
import type { WatchedPod } from './watched-pod.ts';

const labels = (revision: string) => ({
  'app.kubernetes.io/name': 'hello',
  'app.kubernetes.io/managed-by': 'fairway',
  'fairway.dev/revision': revision,
});

function deployment(revision: string, created: string, ready: number): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: `hello-${revision}`,
      namespace: 'models',
      labels: labels(revision),
      generation: 1,
      creationTimestamp: created,
    },
    spec: {
      replicas: 1,
      template: { spec: { containers: [{ name: 'engine', image: `registry/hello:${revision}` }] } },
    },
    status: { observedGeneration: 1, updatedReplicas: 1, readyReplicas: ready, availableReplicas: ready },
  };
}

function pod(name: string, revision: string, status: Record<string, unknown>): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'models', labels: labels(revision) },
    spec: { nodeName: 'node', containers: [{ name: 'engine', resources: { limits: { memory: '1Gi' } } }] },
    status: { phase: 'Running', startTime: '2026-01-02T00:00:00Z', ...status },
  };
}

const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
const pulling = {
  phase: 'Pending',
  containerStatuses: [
    {
      name: 'engine',
      ready: false,
      restartCount: 0,
      image: 'registry/hello:new',
      state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } },
    },
  ],
};
const refused: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e', namespace: 'models' },
  reason: 'Failed',
  message: 'failed to pull image: registry/hello:new: not found',
  involvedObject: { kind: 'Pod', name: 'new-1' },
};
const route: HttpRoute = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'hello-chat', namespace: 'models' },
  spec: {
    rules: [
      {
        name: 'serving',
        backendRefs: [
          { name: 'hello-new', weight: 5 },
          { name: 'hello-old', weight: 15 },
        ],
      },
    ],
  },
};

interface Around {
  /** Revisions that were released, the last one first. */
  readonly released?: string[];
  readonly lease?: WatchedLease;
  readonly leases?: ReadonlyMap<string, WatchedLease>;
}

function releasedBy({ metadata }: KubernetesObject, released: string[]): Record<string, string> {
  const place = released.indexOf(metadata.name.replace('hello-', ''));
  const at = { 'fairway.dev/released-at': `2026-01-0${9 - place}T00:00:00Z` };
  return place < 0 ? { other: 'x' } : { 'fairway.dev/released-by': 'delivery', ...at };
}

function views(only: OneService = {}, { released = [] as string[], lease, leases = new Map() }: Around = {}) {
  const pods = new Groups<WatchedPod>(podGroup);
  for (const object of [pod('old-1', 'old', ready), pod('new-1', 'new', pulling)])
    pods.change(undefined, keepPod(object));
  const events = new Groups<ClusterEvent>(eventGroup);
  events.change(undefined, keepEvent(refused));
  const deployments = [deployment('old', '2026-01-01T00:00:00Z', 1), deployment('new', '2026-01-02T00:00:00Z', 0)].map(
    object =>
      keepDeployment({ ...object, metadata: { ...object.metadata, annotations: releasedBy(object, released) } }),
  );
  const routes = new Map([['models/hello-chat', route]]);
  const all = deploymentViews({
    cluster: 'one',
    now: Date.parse('2026-01-02T00:01:00Z'),
    deployments,
    routes,
    leases,
    pods,
    events,
    stopped: () => lease,
  });
  return ofService(all, only);
}

test('the versions of a service with their shares, and why the new one does not get ready', () => {
  const cause = 'registry/hello:new is not in the registry: failed to pull image: not found.';
  const coded = {
    code: 'image.missing',
    parameters: { image: 'registry/hello:new', words: 'failed to pull image: not found' },
  };
  expect(views()).toEqual([
    {
      cluster: 'one',
      namespace: 'models',
      service: 'hello',
      versions: [
        {
          revision: 'new',
          image: 'registry/hello:new',
          replicas: 1,
          readyReplicas: 0,
          weight: 25,
          createdAt: '2026-01-02T00:00:00Z',
          state: 'failing',
          cause,
          coded,
          pods: [
            {
              name: 'new-1',
              node: 'node',
              phase: 'Pending',
              state: 'failing',
              restarts: 0,
              reason: cause,
              coded,
              startedAt: '2026-01-02T00:00:00Z',
            },
          ],
        },
        expect.objectContaining({
          revision: 'old',
          weight: 75,
          cause: undefined,
          pods: [expect.objectContaining({ name: 'old-1', state: 'ready' })],
        }),
      ],
    },
  ]);
});

test('one service alone', () => {
  expect(views({ service: 'hello', namespace: 'models' })).toHaveLength(1);
  expect(views({ service: 'other' })).toEqual([]);
  expect(views({ service: 'hello', namespace: 'elsewhere' })).toEqual([]);
});

const lease: WatchedLease = {
  ...{ holder: 'd1 on runner', since: '2026-01-01T00:00:00Z', renewed: '2026-01-01T00:01:00Z' },
  ...{ seconds: 30, seenAt: 0, service: 'models/hello', release: undefined },
};

test('a release broke off when its lease ran out and a version that is not released has users', () => {
  const { holder, since, renewed } = lease;
  expect(views(undefined, { released: ['old'], lease })).toMatchObject([
    {
      brokenOff: { holder, since, renewed, released: 'old', candidates: [{ revision: 'new', weight: 25 }] },
      goBack: { from: ['new'], to: 'old' },
    },
  ]);
  expect(views(undefined, { released: ['old'] })[0]?.brokenOff).toBeUndefined();
});

test('a release in its steps, which is none when it broke off, and nobody else who holds the lease', () => {
  const release = { candidate: 'new', stable: 'old', weight: 25, step: 1, steps: 3, state: 'paused' };
  const asked = { by: 'user:default/ann', at: '2026-01-02T00:00:30.000Z' };
  const object = (annotations: Record<string, string>): KubernetesObject => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'hello-release', namespace: 'models', annotations },
    spec: { holderIdentity: 'd1 on runner', leaseDurationSeconds: 30 },
  });
  const held = (annotations: Record<string, string>) =>
    new Map([['models/hello-release', keepLease(object(annotations))!]]);
  const leases = held({
    'fairway.dev/release-step': JSON.stringify(release),
    'fairway.dev/release-paused': JSON.stringify(asked),
  });
  expect(views(undefined, { leases })[0]?.release).toEqual({ holder: 'd1 on runner', ...release, paused: asked });
  expect(views(undefined, { leases: held({}) })[0]?.release).toBeUndefined();
  const stopped = views(undefined, { leases, lease, released: ['old'] })[0];
  expect(stopped).toMatchObject({ release: undefined, brokenOff: { holder: 'd1 on runner' } });
});

test('a first release has nothing to go back to, however it ended', () => {
  expect(views(undefined, { lease })[0]).toMatchObject({ brokenOff: undefined, goBack: undefined });
});

test('nobody goes back to a version that is not ready', () => {
  expect(views(undefined, { released: ['new', 'old'] })[0]).toMatchObject({ goBack: undefined });
});

test('a holder stopped when the cluster was heard for the time of the lease, and no renewal came', () => {
  const object = (holderIdentity?: string): KubernetesObject => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'hello-release', namespace: 'models' },
    // long ago by the clock of its holder, which may be wrong
    spec: { holderIdentity, leaseDurationSeconds: 30, renewTime: '2020-01-01T00:00:00.000000Z' },
  });
  const held = keepLease(object('d1 on runner'));
  expect(held?.holder).toBe('d1 on runner');
  expect(keepLease(object())).toBeUndefined();
  expect([29_000, 31_000].map(later => isStopped(held!, held!.seenAt + later))).toEqual([false, true]);
});

test('users that are divided by pods, which a release says on the Deployments', () => {
  const shares = (reached: readonly string[]) => {
    const deployments = [
      deployment('old', '2026-01-01T00:00:00Z', 3),
      deployment('new', '2026-01-02T00:00:00Z', 1),
    ].map(object => {
      const users = { 'fairway.dev/users': reached.includes(object.metadata.name) ? 'true' : 'false' };
      const metadata = { ...object.metadata, labels: { ...object.metadata.labels, ...users } };
      return keepDeployment({ ...object, metadata });
    });
    const state = {
      cluster: 'one',
      now: 0,
      deployments,
      routes: new Map(),
      leases: new Map(),
      stopped: () => undefined,
    };
    const [view] = deploymentViews({ ...state, pods: new Groups(podGroup), events: new Groups(eventGroup) });
    return view?.versions.map(({ revision, weight }) => [revision, weight]);
  };
  expect(shares(['hello-old'])).toEqual([
    ['new', 0],
    ['old', 100],
  ]);
  expect(shares(['hello-old', 'hello-new'])).toEqual([
    ['new', 25],
    ['old', 75],
  ]);
});

const containers = [{ name: 'engine', image: 'registry/hello:old' }];

test.each([
  {
    apiVersion: 'leaderworkerset.x-k8s.io/v1',
    kind: 'LeaderWorkerSet',
    spec: { replicas: 1, leaderWorkerTemplate: { size: 2, leaderTemplate: { spec: { containers } } } },
    status: { updatedReplicas: 1, readyReplicas: 1, replicas: 1 },
  },
  {
    apiVersion: 'serving.kserve.io/v1alpha2',
    kind: 'LLMInferenceService',
    spec: { replicas: 1, template: { containers } },
    status: { observedGeneration: 1, workloads: { primary: { readyReplicas: 1 } } },
  },
])('a version that a workload of the kind $kind runs is seen as any other', workload => {
  const { metadata } = deployment('old', '2026-01-01T00:00:00Z', 1);
  const state = {
    cluster: 'one',
    now: 0,
    deployments: [keepDeployment({ ...workload, metadata })],
    routes: new Map(),
    leases: new Map(),
  };
  const [view] = deploymentViews({
    ...state,
    stopped: () => undefined,
    pods: new Groups(podGroup),
    events: new Groups(eventGroup),
  });
  expect(view?.versions).toMatchObject([
    { revision: 'old', image: 'registry/hello:old', state: 'ready', replicas: 1, readyReplicas: 1 },
  ]);
});

describe('a version that sleeps', () => {
  function asleep(replicas: number, annotations: Record<string, string> = { 'fairway.dev/sleeps': 'true' }) {
    const { metadata, status, ...rest } = deployment('old', '2026-01-01T00:00:00Z', 0);
    const object = {
      ...rest,
      metadata: { ...metadata, annotations },
      spec: { ...(rest['spec'] as object), replicas },
      status: { ...(status as object), updatedReplicas: replicas },
    };
    const [view] = deploymentViews({
      cluster: 'one',
      now: 0,
      deployments: [keepDeployment(object)],
      routes: new Map([['models/hello-chat', route]]),
      leases: new Map(),
      pods: new Groups<WatchedPod>(podGroup),
      events: new Groups<ClusterEvent>(eventGroup),
      stopped: () => undefined,
    });
    return { version: view!.versions[0], serving: servingVersions(view!).length };
  }

  test('serves, and says why it has no pods', () => {
    expect(asleep(0)).toMatchObject({
      version: { state: 'ready', asleep: true, coded: { code: 'version.asleep', parameters: {} } },
      serving: 1,
    });
  });

  test('goes on serving while it is woken', () => {
    const { version, serving } = asleep(1);
    expect({ state: version!.state, asleep: version!.asleep, serving }).toEqual({
      state: 'starting',
      asleep: true,
      serving: 1,
    });
    expect(version!.coded).toBeUndefined();
  });

  test('is no version whose pods somebody took away', () => {
    const { version, serving } = asleep(0, {});
    expect({ coded: version!.coded, serving }).toEqual({ coded: undefined, serving: 0 });
  });
});
