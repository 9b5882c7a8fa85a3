import { createServer } from 'node:http';
import { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabels } from '@fairway/clients/kubernetes/names';
import { inEnglish } from '../../../../test/fixtures/in-english.ts';
import { kubeConfigOf } from '../../../../test/fixtures/kube-config.ts';
import { tinyService } from '../../../../test/fixtures/service.ts';
import { ofOthers } from './of-others.ts';

const kinds = {
  '/apis/apps/v1': ['deployments', 'Deployment'],
  '/apis/autoscaling.k8s.io/v1': ['verticalpodautoscalers', 'VerticalPodAutoscaler'],
  '/apis/autoscaling/v2': ['horizontalpodautoscalers', 'HorizontalPodAutoscaler'],
  '/apis/keda.sh/v1alpha1': ['scaledobjects', 'ScaledObject'],
  '/apis/policy/v1': ['poddisruptionbudgets', 'PodDisruptionBudget'],
} as const;

/** By plural; what the login may not list is 403. */
let objects: Record<string, readonly object[] | 403>;
let cluster: Cluster;
const server = createServer(({ url = '' }, response) => {
  const { pathname } = new URL(url, 'http://server');
  const group = Object.entries(kinds).find(([path]) => path === pathname)?.[1];
  if (group) {
    const [name, kind] = group;
    return void response.end(JSON.stringify({ resources: [{ name, kind, namespaced: true }] }));
  }
  const found = objects[pathname.split('/').at(-1) ?? ''];
  if (found === 403) return void response.writeHead(403).end(JSON.stringify({ message: 'not allowed' }));
  response.writeHead(found ? 200 : 404).end(JSON.stringify({ items: found }));
});
beforeAll(async () => {
  cluster = new Cluster(await kubeConfigOf(server, 'prod'), 'prod');
});
beforeEach(() => {
  objects = {
    deployments: [{ metadata: { name: 'hello-1a2b3c4d', labels: revisionLabels('hello', '1a2b3c4d') } }],
    horizontalpodautoscalers: [],
    scaledobjects: [],
    verticalpodautoscalers: [],
    poddisruptionbudgets: [],
  };
});
afterAll(() => (server.closeAllConnections(), server.close()));

const scaling = { min: 1, max: 4, prometheus: 'http://prometheus:9090' };
const look = async (more: object = {}, revision?: string) =>
  inEnglish(await ofOthers(cluster, tinyService({ namespace: 'llm', resources: { replicas: 2 }, ...more }), revision));
const at = (name: string, more: object = {}, spec: object = {}) => ({
  metadata: { name, ...more },
  spec: { scaleTargetRef: { kind: 'Deployment', name: 'hello-1a2b3c4d' }, ...spec },
});

describe('an autoscaler of somebody else', () => {
  test('at a version is said to stay with that one', async () => {
    objects['horizontalpodautoscalers'] = [at('chat')];
    expect(await look()).toEqual({
      unknown: expect.stringMatching(
        /^The HorizontalPodAutoscaler llm\/chat scales hello-1a2b3c4d, a version of this service\. It does not scale the next version/,
      ),
    });
    expect(await look({ scaling })).toEqual({ unknown: expect.stringMatching(/does not scale the next version/) });
  });

  // https://github.com/kedacore/keda/issues/5825 and https://github.com/kubernetes/kubernetes/pull/112011
  test.each<[string, () => void, string | undefined]>([
    [
      'KEDA scales too',
      () => (objects['scaledobjects'] = [at('hello-1a2b3c4d', { labels: revisionLabels('hello', '1a2b3c4d') })]),
      undefined,
    ],
    ['is delivered again with a scaler', () => undefined, '1a2b3c4d'],
  ])('at a version that %s lets neither scale', async (_what, given, revision) => {
    objects['horizontalpodautoscalers'] = [at('chat')];
    given();
    expect((await look({ scaling }, revision)).missing).toMatch(
      /^The HorizontalPodAutoscaler llm\/chat scales .* lets neither scale \(AmbiguousSelector\).* Delete the HorizontalPodAutoscaler llm\/chat\.$/,
    );
  });

  test('would undo a release that moves pods', async () => {
    objects['scaledobjects'] = [at('chat', {}, { scaleTargetRef: { name: 'hello-1a2b3c4d' } })];
    expect((await look({ release: { surge: 1 } })).missing).toMatch(
      /^The ScaledObject llm\/chat scales hello-1a2b3c4d.* would put back what the release takes/,
    );
  });

  test.each<[string, object]>([
    ['at another Deployment', at('web', {}, { scaleTargetRef: { kind: 'Deployment', name: 'web' } })],
    [
      'at a StatefulSet of that name',
      at('db', {}, { scaleTargetRef: { kind: 'StatefulSet', name: 'hello-1a2b3c4d' } }),
    ],
    ['that is ours', at('hello-1a2b3c4d', { labels: revisionLabels('hello', '1a2b3c4d') })],
    [
      'that KEDA made of ours',
      at('keda-hpa-hello-1a2b3c4d', { ownerReferences: [{ kind: 'ScaledObject', name: 'hello-1a2b3c4d' }] }),
    ],
  ])('%s is nothing', async (_what, autoscaler) => {
    objects['horizontalpodautoscalers'] = [autoscaler];
    expect(await look({ scaling }, '1a2b3c4d')).toEqual({});
  });

  test('that the login may not see is not looked for', async () => {
    objects = { ...objects, horizontalpodautoscalers: 403, scaledobjects: 403, poddisruptionbudgets: 403 };
    expect(await look()).toEqual({});
  });
});

// the modes and defaults of vertical-pod-autoscaler/docs/quickstart.md in https://github.com/kubernetes/autoscaler
describe('a VerticalPodAutoscaler', () => {
  const targetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'hello-1a2b3c4d' };
  const set = (updatePolicy?: object, containerPolicies?: object[], more: object = {}) => {
    const spec = { targetRef, updatePolicy, resourcePolicy: { containerPolicies }, ...more };
    objects['verticalpodautoscalers'] = [{ metadata: { name: 'goldilocks-hello' }, spec }];
  };

  test.each([undefined, 'Auto', 'Recreate', 'InPlaceOrRecreate'])(
    'with the mode %s evicts pods that serve',
    async updateMode => {
      set(updateMode ? { updateMode } : undefined);
      expect(await look()).toEqual({
        unknown: expect.stringMatching(
          /^The VerticalPodAutoscaler llm\/goldilocks-hello .* gives pods of hello-1a2b3c4d, .* the cpu and memory .* it evicts them, and each loads its model anew\.$/,
        ),
      });
    },
  );

  test.each<[string, object | undefined, object]>([
    ['Initial', { updateMode: 'Initial' }, {}],
    ['InPlace', { updateMode: 'InPlace' }, {}],
    ['Recreate beside a single pod', { updateMode: 'Recreate' }, { resources: { replicas: 1 } }],
    ['Recreate from three pods on', { updateMode: 'Recreate', minReplicas: 3 }, {}],
  ])('with the mode %s changes what pods are created with', async (_what, policy, service) => {
    set(policy);
    expect((await look(service)).unknown).toMatch(/it recommends from their use.*`containerPolicies`\.$/);
  });

  test('evicts a single pod where it may, and those that a scaler adds', async () => {
    set({ minReplicas: 1 });
    expect((await look({ resources: { replicas: 1 } })).unknown).toMatch(/it evicts them/);
    set();
    expect((await look({ resources: { replicas: 1 }, scaling })).unknown).toMatch(/it evicts them/);
  });

  test('is of the engine by its own policy before that of all containers', async () => {
    const [all, own] = [
      { containerName: '*', mode: 'Off' },
      { containerName: 'engine', controlledResources: ['cpu'] },
    ];
    set({}, [all, own]);
    expect((await look()).unknown).toMatch(/the cpu that it recommends/);
    set({}, [all]);
    expect(await look()).toEqual({});
  });

  test('of the version that is about to be deployed counts too', async () => {
    set({}, [], { targetRef: { ...targetRef, name: 'hello-00000000' } });
    expect(await look()).toEqual({});
    expect((await look({}, '00000000')).unknown).toMatch(/pods of hello-00000000/);
  });

  test('that only recommends, or is of another, is nothing', async () => {
    set({ updateMode: 'Off' });
    expect(await look()).toEqual({});
    set({}, [{ containerName: 'engine', mode: 'Off' }]);
    expect(await look()).toEqual({});
    set({}, [], { targetRef: { ...targetRef, kind: 'StatefulSet' } });
    expect(await look()).toEqual({});
    objects = { ...objects, verticalpodautoscalers: 403 };
    expect(await look()).toEqual({});
  });
});

describe('a disruption budget of somebody else', () => {
  const budget = (spec: object, labels?: object) => ({ metadata: { name: 'all', labels }, spec });
  const selector = { matchLabels: { 'app.kubernetes.io/name': 'hello' } };

  // https://github.com/kubernetes/kubernetes/issues/75957
  test.each<[string, object]>([
    ['of the service', { selector, maxUnavailable: 1 }],
    ['of all pods', { selector: {}, minAvailable: 1 }],
    ['by an expression', { selector: { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'Exists' }] } }],
  ])('beside ours lets no pod go: %s', async (_what, spec) => {
    objects['poddisruptionbudgets'] = [budget(spec)];
    expect(await look()).toEqual({
      unknown: expect.stringMatching(/llm\/all selects .* evicts no pod that two select/),
    });
    // one pod has no budget of ours
    expect(await look({ resources: { replicas: 1 } })).toEqual(
      'minAvailable' in spec ? { unknown: expect.stringMatching(/lets none of them go/) } : {},
    );
  });

  test.each([{ maxUnavailable: 0 }, { maxUnavailable: '0%' }, { minAvailable: '100%' }, { minAvailable: 2 }])(
    'with %j is said to block drains',
    async spec => {
      objects['poddisruptionbudgets'] = [budget({ selector, ...spec })];
      expect(await look()).toEqual({ unknown: expect.stringMatching(/llm\/all .* lets none of them go, so draining/) });
    },
  );

  test.each<[string, object]>([
    ['for other pods', budget({ selector: { matchLabels: { app: 'web' } } })],
    [
      'that leaves ours out',
      budget({
        selector: {
          matchExpressions: [{ key: 'app.kubernetes.io/managed-by', operator: 'NotIn', values: ['fairway'] }],
        },
      }),
    ],
    ['that selects nothing', budget({})],
    ['of a version', budget({ selector, maxUnavailable: 1 }, revisionLabels('hello', '1a2b3c4d'))],
  ])('%s is nothing', async (_what, found) => {
    objects['poddisruptionbudgets'] = [found];
    expect(await look()).toEqual({});
  });
});
