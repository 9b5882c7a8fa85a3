import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, KubernetesObject, Pod } from '@fairway/clients/kubernetes/index';
import { engineContainer } from '@fairway/clients/kubernetes/names';

/** Seconds that each part of a pod's start takes. */
export interface SlowStart {
  readonly node: number;
  readonly image: number;
  readonly model: number;
}

type Part = 'created' | 'waits' | 'pulls' | 'loads' | 'ready';

interface Progress {
  part: Part;
  /** Milliseconds since the epoch. */
  since: number;
  restarts: number;
}

interface ProbedPod extends Pod {
  readonly spec?: Pod['spec'] & {
    readonly containers?: readonly {
      readonly name: string;
      readonly startupProbe?: { readonly periodSeconds?: number; readonly failureThreshold?: number };
    }[];
  };
}

/**
 * Writes of the pods of a namespace what a cluster autoscaler, the scheduler and a kubelet write while a node is made, the image comes and the
 * engine loads: there is no node. A container that fails its startup probe for too long starts again, as the kubelet does it.
 */
export function startSlowly(cluster: Cluster, namespace: string, takes: SlowStart): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const known = new Map<string, Progress>();
  const running = (async () => {
    while (!stopped.signal.aborted) {
      for (const pod of await cluster.list<ProbedPod>('v1', 'Pod', namespace)) {
        if (pod.metadata.deletionTimestamp) continue;
        const { name } = pod.metadata;
        const progress = known.get(name) ?? { part: 'created', since: Date.now(), restarts: 0 };
        known.set(name, progress);
        await advance(cluster, pod, progress, takes).catch((error: Error & { status?: number }) => {
          // it went meanwhile, or the namespace does
          if (error.status !== 404 && error.status !== 403) throw error;
        });
      }
      await sleep(200);
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}

async function advance(cluster: Cluster, pod: ProbedPod, progress: Progress, takes: SlowStart): Promise<void> {
  const seconds = (Date.now() - progress.since) / 1000;
  const become = (part: Part) => Object.assign(progress, { part, since: Date.now() });
  switch (progress.part) {
    case 'created':
      become('waits');
      await setStatus(cluster, pod, {
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message:
              '0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
          },
        ],
      });
      return say(cluster, pod, 'TriggeredScaleUp', 'pod triggered scale-up: [{gpu-pool 0->1 (max: 4)}]');
    case 'waits':
      if (seconds < takes.node) return;
      become('pulls');
      await cluster.request('POST', `${await cluster.path(pod)}/binding`, {
        body: {
          apiVersion: 'v1',
          kind: 'Binding',
          metadata: { name: pod.metadata.name, namespace: pod.metadata.namespace },
          target: { apiVersion: 'v1', kind: 'Node', name: 'gpu-pool-1' },
        },
      });
      await setContainer(cluster, pod, progress, { waiting: { reason: 'ContainerCreating' } });
      return say(cluster, pod, 'Pulling', 'Pulling image');
    case 'pulls':
      if (seconds < takes.image) return;
      become('loads');
      await setContainer(cluster, pod, progress, { running: { startedAt: new Date().toISOString() } });
      return say(cluster, pod, 'Unhealthy', 'Startup probe failed: HTTP probe failed with statuscode: 503');
    case 'loads':
      if (seconds >= takes.model) {
        become('ready');
        return setContainer(cluster, pod, progress, { running: { startedAt: new Date().toISOString() } });
      }
      if (seconds < probedFor(pod)) return;
      progress.restarts++;
      become('loads');
      await setContainer(cluster, pod, progress, { running: { startedAt: new Date().toISOString() } });
      return say(cluster, pod, 'Killing', `Container ${engineContainer} failed startup probe, will be restarted`);
    case 'ready':
      return;
  }
}

/** Seconds after which the kubelet starts a container again that does not answer. */
function probedFor(pod: ProbedPod): number {
  const probe = pod.spec?.containers?.find(({ name }) => name === engineContainer)?.startupProbe;
  return (probe?.periodSeconds ?? 10) * (probe?.failureThreshold ?? 3);
}

async function setContainer(cluster: Cluster, pod: Pod, { part, restarts }: Progress, state: object): Promise<void> {
  const ready = part === 'ready';
  const status = ready ? 'True' : 'False';
  const killed = { terminated: { exitCode: 137, reason: 'Error', finishedAt: new Date().toISOString() } };
  await setStatus(cluster, pod, {
    phase: part === 'pulls' ? 'Pending' : 'Running',
    conditions: [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Initialized', status: 'True' },
      { type: 'ContainersReady', status, ...(ready ? {} : { reason: 'ContainersNotReady' }) },
      { type: 'Ready', status, ...(ready ? {} : { reason: 'ContainersNotReady' }) },
    ],
    containerStatuses: [
      {
        name: engineContainer,
        image: 'registry.example.com/assistant',
        imageID: '',
        ready,
        started: ready,
        restartCount: restarts,
        state,
        ...(restarts > 0 ? { lastState: killed } : {}),
      },
    ],
  });
}

async function setStatus(cluster: Cluster, pod: Pod, status: object): Promise<void> {
  await cluster.request('PATCH', `${await cluster.path(pod)}/status`, {
    query: { fieldManager: 'kubelet' },
    body: { status },
    contentType: 'application/merge-patch+json',
  });
}

async function say(cluster: Cluster, pod: Pod, reason: string, message: string): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const event: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${Date.now().toString(16)}`, namespace },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name, namespace, uid },
    type: 'Normal',
    reason,
    message,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    source: { component: 'test' },
  };
  await cluster.request('POST', await cluster.collection('v1', 'Event', namespace), { body: event });
}
