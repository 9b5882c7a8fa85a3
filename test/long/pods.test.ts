import { setTimeout as sleep } from 'node:timers/promises';
import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { releasedAnnotation, revisionLabels, serviceLabels, versionName } from '@fairway/clients/kubernetes/names';
import { ObjectWatch } from '@fairway/clients/kubernetes/object-watch';
import type { Deployment, Pod } from '@fairway/clients/kubernetes/workload';
import { pauseImage } from '@fairway/platform/cluster/layout';
import { english } from '@fairway/service/reasons/delivery-reason';
import { goBack } from '@fairway/targets/gateway/go-back';
import { replacePods } from '@fairway/targets/workload/pods';
import { makeRoom, putRight } from '../../actions/deploy/src/make-room.ts';
import { platform } from '../e2e/platform.ts';
import { tinyService } from '../fixtures/service.ts';

jest.setTimeout(10 * 60_000);

const namespace = 'pods-test';
const signal = new AbortController().signal;
const progress = () => undefined;
/** Nobody else moves this traffic. */
const alone = { takenBy: () => Promise.resolve(undefined) };
let cluster: Cluster;

beforeAll(async () => {
  cluster = await connectCluster(platform.kubernetes);
  await applyObjects(cluster, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
});

afterAll(async () => {
  await cluster.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
});

const watches: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of watches.splice(0)) await stop();
});

/** A service with a version `old` that was released, and what a watch saw of all its pods. */
async function running(name: string, replicas: number, surge: number) {
  const service = tinyService({ name, namespace, resources: { replicas }, release: { surge } });
  let [most, fewestReady] = [0, Infinity];
  const end = new AbortController();
  const watch = new ObjectWatch<boolean>(cluster.withSignal(end.signal), {
    apiVersions: ['v1'],
    kind: 'Pod',
    labelSelector: Object.entries(serviceLabels(name))
      .map(pair => pair.join('='))
      .join(','),
    keep: object => {
      const { metadata, status } = object as Pod;
      if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return undefined;
      const ready = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
      return ready && !metadata.deletionTimestamp;
    },
    changed: () => {
      const pods = [...watch.objects.values()];
      most = Math.max(most, pods.length);
      fewestReady = Math.min(fewestReady, pods.filter(Boolean).length);
    },
  });
  const version = async (revision: string, pods: number) => {
    const labels = revisionLabels(name, revision);
    const metadata = { name: versionName(name, revision), namespace, labels };
    // a pod that ends has its room for two seconds more, as an engine that lets its streams end
    const lifecycle = { preStop: { sleep: { seconds: 2 } } };
    const container = { name: 'engine', image: pauseImage, imagePullPolicy: 'Never', lifecycle };
    const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 4, containers: [container] } };
    const spec = { replicas: pods, selector: { matchLabels: labels }, template };
    await applyObjects(cluster, [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec }]);
  };
  const pods = async (revision: string) => {
    const metadata = { name: versionName(name, revision), namespace };
    const found = await cluster.get<Deployment>({ apiVersion: 'apps/v1', kind: 'Deployment', metadata });
    return [found?.spec?.replicas, found?.status?.readyReplicas ?? 0];
  };
  await version('old', replicas);
  while ((await pods('old'))[1] !== replicas) await sleep(200);
  const metadata = { name: versionName(name, 'old'), namespace };
  await cluster.annotate({ apiVersion: 'apps/v1', kind: 'Deployment', metadata }, { [releasedAnnotation]: 'delivery' });
  const watching = watch.run(end.signal);
  while (watch.objects.size < replicas) await sleep(50);
  [most, fewestReady] = [replicas, replicas];
  watches.push(async () => {
    end.abort();
    await watching;
  });
  return { service, version, pods, seen: () => ({ most, fewestReady }) };
}

test.each([
  [3, 1],
  [3, 2],
  [2, 0],
])('%d pods are replaced with a surge of %d, there and back', async (replicas, surge) => {
  const { service, version, pods, seen } = await running(`chat-${replicas}-${surge}`, replicas, surge);
  const entering = Math.max(1, surge);
  await makeRoom(cluster, service, { serving: 'old', revision: 'new', signal, progress });
  await version('new', entering);
  await replacePods(cluster, service, {
    from: 'old',
    to: 'new',
    pods: replicas,
    share: () => Promise.resolve(),
    signal,
    progress,
  });
  expect(await pods('new')).toEqual([replicas, replicas]);
  expect((await pods('old'))[0]).toBe(surge);

  expect(english(await goBack(cluster, service, 'old', 'new', alone, progress))).toBe('old has all traffic again');
  expect(await pods('old')).toEqual([replicas, replicas]);
  expect((await pods('new'))[0]).toBe(surge);
  expect(seen().most).toBe(replicas + surge);
  expect(seen().fewestReady).toBeGreaterThanOrEqual(1);
});

test('what a release left that was killed in the middle is put right, whenever it was killed', async () => {
  const { service, version, pods, seen } = await running('chat-killed', 3, 1);
  await version('new', 1);
  const counts = async () => [(await pods('old'))[0], (await pods('new'))[0]].join();
  // after each of the four times that a number of pods changes: at once, and while pods begin and end
  for (const [change, delay] of [1, 2, 3, 4].flatMap(one => [0, 700, 1500].map(after => [one, after] as const))) {
    const killed = new AbortController();
    let [last, changed] = [await counts(), 0];
    const release = replacePods(cluster.withSignal(killed.signal), service, {
      from: 'old',
      to: 'new',
      pods: 3,
      share: () => Promise.resolve(),
      signal: killed.signal,
      progress,
    }).catch(() => undefined);
    while (changed < change) {
      const now = await counts();
      if (now !== last) changed += 1;
      last = now;
    }
    await sleep(delay);
    killed.abort();
    await release;
    await putRight(cluster, service, alone, { serving: 'old', revision: 'new', signal, progress });
    expect(await pods('old')).toEqual([3, 3]);
    expect((await pods('new'))[0]).toBe(1);
    expect({ change, delay, ...seen() }).toMatchObject({ change, delay, most: 4 });
  }
  expect(seen().fewestReady).toBeGreaterThanOrEqual(1);
});
