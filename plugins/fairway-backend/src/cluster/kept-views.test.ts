import { revisionLabel } from '@fairway/clients/kubernetes/index';
import type { ClusterEvent, Deployment, HttpRoute, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { deploymentViews, eventGroup, podGroup, serviceGroup } from './deployment-views.ts';
import { Groups } from './groups.ts';
import { KeptViews } from './kept-views.ts';
import { keepDeployment, keepRoute } from './watched-deployment.ts';
import { keepLease } from './watched-lease.ts';
import type { WatchedLease } from './watched-lease.ts';
import { keepPod } from './watched-pod.ts';
import type { WatchedPod } from './watched-pod.ts';

const begun = Date.parse('2026-01-02T00:00:00Z');
const namespace = 'models';

function labels(service: string, revision: string) {
  return {
    'app.kubernetes.io/name': service,
    'app.kubernetes.io/managed-by': 'fairway',
    [revisionLabel]: revision,
  };
}

function deployment(service: string, revision: string, image: string): KubernetesObject {
  const metadata = { name: `${service}-${revision}`, namespace, labels: labels(service, revision), generation: 1 };
  const template = { spec: { containers: [{ name: 'engine', image }] } };
  const spec = { replicas: 1, progressDeadlineSeconds: 600, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec, status: {} } as KubernetesObject;
}

function pod(service: string, revision: string, ready: boolean, started = begun): KubernetesObject {
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${service}-${revision}-1`, namespace, labels: labels(service, revision) },
    spec: { nodeName: 'node', containers: [{ name: 'engine' }] },
    status: { phase: 'Running', startTime: new Date(started).toISOString(), conditions },
  } as KubernetesObject;
}

function route(service: string, weight: number): KubernetesObject {
  const backendRefs = [
    { name: `${service}-a`, weight },
    { name: `${service}-b`, weight: 100 - weight },
  ];
  const metadata = { name: `${service}-chat`, namespace };
  const spec = { rules: [{ name: 'serving', backendRefs }] };
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata, spec } as KubernetesObject;
}

/** The objects of a cluster as its watches hold them. */
class Objects {
  readonly deployments = new Groups<Deployment>(serviceGroup);
  readonly pods = new Groups<WatchedPod>(podGroup);
  readonly events = new Groups<ClusterEvent>(eventGroup);
  readonly routes = new Map<string, HttpRoute>();
  readonly leases = new Map<string, WatchedLease>();
  readonly stopped = new Map<string, WatchedLease>();
  readonly views = new KeptViews({ cluster: 'one', ...this });
  readonly #deployments = new Map<string, Deployment>();
  readonly #pods = new Map<string, WatchedPod>();

  deploy(object: KubernetesObject | undefined, name: string, service: string): void {
    const after = object && keepDeployment(object);
    this.deployments.change(this.#deployments.get(name), after);
    if (after) this.#deployments.set(name, after);
    else this.#deployments.delete(name);
    this.views.touch(`${namespace}/${service}`);
  }

  run(object: KubernetesObject | undefined, name: string, service: string): void {
    const after = object && keepPod(object);
    this.pods.change(this.#pods.get(name), after);
    if (after) this.#pods.set(name, after);
    else this.#pods.delete(name);
    this.views.touch(`${namespace}/${service}`);
  }

  weigh(object: KubernetesObject, service: string): void {
    this.routes.set(`${namespace}/${service}-chat`, keepRoute(object));
    this.views.touch(`${namespace}/${service}`);
  }

  /** @param step 0 for no release */
  release(service: string, step: number): void {
    const value = { candidate: 'a', stable: 'b', weight: 10 * step, step, steps: 2, state: 'judging' };
    const annotations = step === 0 ? {} : { 'fairway.dev/release-step': JSON.stringify(value) };
    const metadata = { name: `${service}-release`, namespace, annotations };
    const kept = keepLease({ metadata, spec: { holderIdentity: 'd1' } } as unknown as KubernetesObject);
    if (kept) this.leases.set(`${namespace}/${service}-release`, kept);
    this.views.touch(`${namespace}/${service}`);
  }

  kept(now: number) {
    return this.views.all(new Map(this.stopped), now);
  }

  /** All made anew. */
  fresh(now: number) {
    const { pods, events, routes, leases } = this;
    const stopped = (of: string, service: string) => this.stopped.get(`${of}/${service}`);
    const deployments = [...this.#deployments.values()];
    return deploymentViews({ cluster: 'one', deployments, pods, events, routes, leases, stopped, now });
  }
}

test('after any changes in any order the views are those that would be made anew', () => {
  const objects = new Objects();
  // the same numbers in every run (Park and Miller)
  let seed = 1;
  const lot = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  let now = begun;
  for (let step = 0; step < 2000; step++) {
    const service = `s${lot(6)}`;
    const revision = 'ab'[lot(2)] ?? '';
    const name = `${service}-${revision}`;
    const change = lot(9);
    if (change === 0) objects.deploy(deployment(service, revision, `i:${lot(3)}`), name, service);
    else if (change === 1) objects.deploy(undefined, name, service);
    else if (change === 2 || change === 3) objects.run(pod(service, revision, lot(2) === 0, now), name, service);
    else if (change === 4) objects.run(undefined, name, service);
    else if (change === 5) objects.weigh(route(service, lot(101)), service);
    else if (change === 6) objects.stopped.delete(`${namespace}/${service}`);
    else if (change === 8) objects.release(service, lot(3));
    else {
      const metadata = { name: `${service}-release`, namespace };
      const lease = { holderIdentity: `d${lot(3)}`, acquireTime: '', renewTime: String(step) };
      const kept = keepLease({ metadata, spec: lease } as unknown as KubernetesObject);
      if (kept) objects.stopped.set(`${namespace}/${service}`, kept);
    }
    if (lot(4) === 0) now += lot(300) * 1000;
    if (lot(3) > 0) expect(objects.kept(now)).toEqual(objects.fresh(now));
  }
});

test('what did not change is the same object, and time alone changes a pod that does not get ready', () => {
  const objects = new Objects();
  for (const service of ['s1', 's2']) {
    objects.deploy(deployment(service, 'a', 'i:1'), `${service}-a`, service);
    objects.run(pod(service, 'a', service === 's1'), `${service}-a`, service);
  }
  const first = objects.kept(begun);
  expect(first.map(({ versions }) => versions[0]?.pods[0]?.state)).toEqual(['ready', 'starting']);
  expect(objects.kept(begun + 1000)).toBe(first);
  objects.run(pod('s1', 'a', true), 's1-a', 's1');
  const [same] = objects.kept(begun + 2000);
  expect(same).toBe(first[0]);
  // the deadline of its rollout
  expect(objects.kept(begun + 600_000)[1]).toBe(first[1]);
  const late = objects.kept(begun + 600_001);
  expect([late[0] === first[0], late[1]?.versions[0]?.pods[0]?.state]).toEqual([true, 'failing']);
});
