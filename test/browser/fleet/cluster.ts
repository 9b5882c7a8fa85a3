import { revisionLabel, usersLabel } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { nodeObjects, podObjects } from '../../../plugins/fairway-backend/src/cluster/simulated-fleet.ts';
import { type FleetService, namespace, released } from './services.ts';

/** Puts the simulated fleet and a Deployment for each service into a cluster; what holds GPUs is ready. */
export async function fillCluster(cluster: Cluster, services: readonly FleetService[]): Promise<void> {
  await post(cluster, '/api/v1/namespaces', { metadata: { name: namespace } });
  await each(nodeObjects(), node => post(cluster, '/api/v1/nodes', node));
  await each(podObjects(), async pod => {
    const { name } = pod.metadata;
    const spec = pod.spec as { nodeName?: string; containers: object[] };
    const containers = spec.containers.map(container => ({ ...container, image: 'registry.example.com/engine' }));
    const labels = { ...pod.metadata.labels, [revisionLabel]: released };
    const path = `/api/v1/namespaces/${namespace}/pods`;
    await post(cluster, path, { metadata: { name, labels }, spec: { ...spec, containers } });
    await status(cluster, `${path}/${name}`, podStatus(spec.nodeName));
  });
  await each(services, async ({ name, pods, broken, engine }) => {
    const labels = {
      'app.kubernetes.io/name': name,
      'app.kubernetes.io/managed-by': 'fairway',
      [revisionLabel]: released,
      [usersLabel]: 'true',
    };
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    const containers = [{ name: 'engine', image: 'registry.example.com/engine' }];
    await post(cluster, path, {
      metadata: { name: `${name}-${released}`, labels },
      spec: {
        replicas: pods,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    });
    // those that hold GPUs are there already
    if (engine === 'llamacpp')
      for (let index = 0; index < pods; index++) await postSmallPod(cluster, `${name}-${index}`, labels, broken);
    const ready = broken ? 0 : pods;
    await status(cluster, `${path}/${name}-${released}`, {
      ...{
        observedGeneration: 1,
        replicas: pods,
        updatedReplicas: pods,
        readyReplicas: ready,
        availableReplicas: ready,
      },
    });
  });
}

async function postSmallPod(cluster: Cluster, name: string, labels: object, broken: boolean): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const containers = [{ name: 'engine', image: 'registry.example.com/engine' }];
  await post(cluster, path, { metadata: { name, labels }, spec: { nodeName: 'cpu-1', containers } });
  const message = 'back-off 5m0s restarting failed container=engine';
  const crashed = {
    phase: 'Running',
    startTime: new Date().toISOString(),
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [
      {
        ...{ name: 'engine', image: 'engine', imageID: '', ready: false, restartCount: 7 },
        state: { waiting: { reason: 'CrashLoopBackOff', message } },
        lastState: { terminated: { exitCode: 1, reason: 'Error' } },
      },
    ],
  };
  await status(cluster, `${path}/${name}`, broken ? crashed : podStatus('cpu-1'));
}

function podStatus(node: string | undefined) {
  if (node !== undefined)
    return { phase: 'Running', startTime: new Date().toISOString(), conditions: [{ type: 'Ready', status: 'True' }] };
  const message =
    '0/30 nodes are available: 12 Insufficient nvidia.com/gpu, 18 node(s) didn’t match the node selector.';
  return { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] };
}

async function post(cluster: Cluster, path: string, body: object): Promise<void> {
  await cluster.text('POST', path, { body });
}

async function status(cluster: Cluster, path: string, value: object): Promise<void> {
  const contentType = 'application/merge-patch+json';
  await cluster.text('PATCH', `${path}/status`, { contentType, body: { status: value } });
}

async function each<Item extends object | KubernetesObject>(
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < items.length; at += 8) await Promise.all(items.slice(at, at + 8).map(act));
}
