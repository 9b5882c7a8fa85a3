import { setTimeout as pause } from 'node:timers/promises';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import type { Deployment } from '@fairway/clients/kubernetes/index';
import { platform } from './platform.ts';

/** Waits until the Deployment has exactly so many pods, all ready. */
export async function scale(namespace: string, name: string, replicas: number): Promise<void> {
  const cluster = await connectCluster(platform.kubernetes);
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name } };
  await cluster.request('PATCH', await cluster.path(object), {
    body: { spec: { replicas } },
    contentType: 'application/merge-patch+json',
  });
  for (const end = Date.now() + 90_000; Date.now() < end; await pause(250)) {
    const ready = (await cluster.get<Deployment>(object))?.status?.readyReplicas ?? 0;
    // a pod that ends still answers, and counts no more
    const pods = await cluster.list('v1', 'Pod', namespace, { 'app.kubernetes.io/name': name });
    if (ready === replicas && pods.length === replicas) return;
  }
  throw new Error(`${namespace}/${name} did not get to ${replicas} replicas.`);
}
