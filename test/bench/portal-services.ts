import { versionName, revisionLabels } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { sampleDelivery } from '../../plugins/fairway-backend/src/testing/sample-delivery.ts';
import { each } from './each.ts';
import { openLoop } from './open-loop.ts';
import { percentile } from './percentile.ts';
import type { PortalProcess } from './portal-process.ts';

export const services = 5000;
export const deliveriesOfEach = 8;

const owners = 100;
const revision = 'adb99f1d';
const rate = 50;
const seconds = 10;
const sending = 16;

/** Puts the versions of the services into the clusters in turn, one pod each, as `deploy` names them. */
export async function makeServices(clusters: readonly Cluster[]): Promise<void> {
  for (const cluster of clusters)
    await each(owners, index =>
      cluster.text('POST', '/api/v1/namespaces', { body: { metadata: { name: namespaceOf(index) } } }),
    );
  await each(services, async index => {
    const cluster = placeOf(index, clusters);
    const namespace = namespaceOf(index);
    const name = versionName(nameOf(index), revision);
    const labels = revisionLabels(nameOf(index), revision);
    const spec = { containers: [{ name: 'engine', image: `registry.example.com/${nameOf(index)}:1` }] };
    const template = { metadata: { labels }, spec };
    await cluster.text('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, {
      body: { metadata: { name, labels }, spec: { replicas: 1, selector: { matchLabels: labels }, template } },
    });
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    await cluster.text('POST', pods, { body: { metadata: { name: `${name}-1`, labels }, spec } });
  });
}

/** Sends the deliveries of all services, as a delivery's end does. */
export async function sendDeliveries(portal: PortalProcess, clusters: readonly Cluster[]): Promise<void> {
  const all = services * deliveriesOfEach;
  const system = '/api/v1/namespaces/kube-system';
  const uids = await Promise.all(
    clusters.map(async cluster => (await cluster.request<KubernetesObject>('GET', system)).metadata.uid),
  );
  await each(
    all,
    async number => {
      const index = number % services;
      const begun = new Date(Date.parse('2026-11-01T00:00:00.000Z') + Math.floor(number / services) * 86_400_000);
      const delivery = sampleDelivery({
        id: idOf(number),
        service: nameOf(index),
        namespace: namespaceOf(index),
        owner: `team-${index % owners}`,
        begun: begun.toISOString(),
        revision,
        cluster: placeOf(index, uids),
      });
      await portal.post('/deliveries', delivery);
    },
    sending,
  );
}

/** The 99th percentile of what each page asks, in milliseconds, at 50 requests a second, and the slowest first answer of a page. */
export async function pageTimes(portal: PortalProcess): Promise<Record<string, number>> {
  let next = 0;
  const service = () => (next = (next + 1009) % services);
  const one = (index: number) => `/services/${namespaceOf(index)}/${nameOf(index)}`;
  const pages: Record<string, () => string> = {
    home: () => '/home',
    services: () => '/services',
    service: () => `${one(service())}/summary`,
    deliveries: () => `/services/${nameOf(service())}/deliveries`,
    delivery: () => `/deliveries/${idOf(service())}`,
    deployments: () => '/deployments',
    deployments_of_service: () => `/deployments?service=${nameOf(service())}`,
    alerts: () => '/alerts',
  };
  const times: Record<string, number> = {};
  let slowest = 0;
  for (const [page, path] of Object.entries(pages)) {
    // the first answer is made of everything, and each after it of what changed since
    const asked = performance.now();
    await portal.take(path());
    slowest = Math.max(slowest, performance.now() - asked);
    const taken = await openLoop(rate, seconds, () => portal.take(path()));
    times[`portal_${page}_p99_ms`] = Math.round(percentile(taken, 99) * 10) / 10;
  }
  return { ...times, portal_first_answer_ms: Math.round(slowest) };
}

function placeOf<Place>(index: number, places: readonly Place[]): Place {
  return places[index % places.length]!;
}

function nameOf(index: number): string {
  return `llm-${index}`;
}

function namespaceOf(index: number): string {
  return `services-${index % owners}`;
}

function idOf(number: number): string {
  return number.toString(16).padStart(16, '0');
}
