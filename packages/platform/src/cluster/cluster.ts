import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { applyObjects, connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { awaitCondition } from '../await-condition.ts';
import { lastLines } from '../last-lines.ts';
import { Sandbox } from '../sandbox.ts';
import { writeImage } from '../serving/oci-image.ts';
import { writeClusterFiles } from './files.ts';
import { certificatesFolder, clusterNetwork, contextName, pauseImage } from './layout.ts';
import type { ClusterLayout } from './layout.ts';
import { monitoringObjects, writeMonitoringFiles } from './monitoring.ts';
import { clusterSandbox } from './sandbox-config.ts';

export interface StartCluster {
  readonly layout: ClusterLayout;
  readonly parts: { readonly sandbox: string; readonly pause: string };
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/** A one-node cluster whose node is ready. */
export interface RunningCluster {
  readonly kubeconfig: string;
  readonly context: string;
  importImage(archive: string): Promise<void>;
  images(): Promise<readonly string[]>;
}

/** Starts the cluster, or takes the one that runs with this configuration, and waits until its node is ready. */
export async function startCluster({ layout, parts, signal, progress }: StartCluster): Promise<RunningCluster> {
  const sandbox = new Sandbox(layout.folder);
  const kubeconfig = join(certificatesFolder(layout), 'admin.kubeconfig');
  // the node tells whole seconds
  const before = Math.floor(Date.now() / 1000) * 1000;
  const started = await sandbox.start(join(parts.sandbox, 'sandbox'), clusterSandbox(layout), signal, async () => {
    // what a killed cluster left of its run-time state would only mislead the next one
    await rm(join(layout.folder, 'run'), { recursive: true, force: true });
    await writeClusterFiles(layout);
    await writeMonitoringFiles(layout);
  });
  progress(started ? 'kubernetes: started' : 'kubernetes: runs already');
  const said = (name: string) => () => lastLines(join(layout.folder, 'log', `${name}.log`));
  const containers = (...args: string[]) =>
    sandbox.run(
      [
        join(layout.parts.containers, 'usr/bin/ctr'),
        '--address',
        '/run/containerd/containerd.sock',
        '--namespace',
        'k8s.io',
        ...args,
      ],
      signal,
    );
  const images = async () => (await containers('images', 'list', '--quiet')).split('\n').filter(Boolean);
  const importImage = async (archive: string) => {
    await containers('images', 'import', '--snapshotter', layout.snapshotter, archive);
  };

  const pause = async () => {
    await awaitCondition({
      tool: 'containerd',
      what: 'containerd to answer',
      seconds: 60,
      signal,
      check: async () => (await containers('version')).length > 0 || 'no answer',
      said: said('containerd'),
    });
    if (!(await images()).includes(pauseImage)) await importPause(layout.folder, parts.pause, importImage);
  };
  const api = async () => {
    const cluster = await apiReady(kubeconfig, signal, said('kube-apiserver'));
    progress('kubernetes: API server is ready');
    if (started) await removePods(cluster);
    await applyObjects(cluster, monitoringObjects, { force: true });
    await nodeReady(cluster, started ? before : 0, signal, said('kubelet'));
  };
  await Promise.all([pause(), api()]);
  progress('kubernetes: node is ready');
  return { kubeconfig, context: contextName, importImage, images };
}

/**
 * Pods of a cluster that was killed come back with restarts that look like crashes of their own. Their controllers make new
 * ones.
 */
async function removePods(cluster: Cluster): Promise<void> {
  for (const { metadata } of await cluster.list('v1', 'Pod'))
    await cluster.text('DELETE', `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`, {
      query: { gracePeriodSeconds: '0' },
    });
}

async function importPause(
  folder: string,
  part: string,
  importImage: (archive: string) => Promise<void>,
): Promise<void> {
  const archive = join(folder, 'pause.tar');
  await mkdir(folder, { recursive: true });
  const files = [{ path: '/pause', content: { file: join(part, 'pause') }, executable: true }];
  await writeImage({ reference: pauseImage, files, entrypoint: ['/pause'] }, archive);
  await importImage(archive);
  await rm(archive);
}

async function apiReady(kubeconfig: string, signal: AbortSignal, said: () => Promise<string>): Promise<Cluster> {
  let cluster: Cluster | undefined;
  await awaitCondition({
    tool: 'kubernetes',
    what: 'the API server to be ready',
    seconds: 120,
    signal,
    check: async () => {
      cluster = await connectCluster({ kubeconfig, context: contextName, signal });
      const answer = await cluster.text('GET', '/readyz', { timeout: 2000 });
      return answer === 'ok' || answer;
    },
    said,
  });
  return cluster as Cluster;
}

interface Node extends KubernetesObject {
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
      readonly lastHeartbeatTime?: string;
    }[];
  };
}

/** @param since what the node said before does not count: a cluster that was killed left its last word in etcd */
function nodeReady(cluster: Cluster, since: number, signal: AbortSignal, said: () => Promise<string>): Promise<void> {
  const reference = { apiVersion: 'v1', kind: 'Node', metadata: { name: clusterNetwork.node } };
  return awaitCondition({
    tool: 'kubernetes',
    what: 'its node to be ready',
    seconds: 120,
    signal,
    check: async () => {
      const node = await cluster.get<Node>(reference);
      const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
      if (Date.parse(ready?.lastHeartbeatTime ?? '') < since) return 'the kubelet has not reported since the start';
      return ready?.status === 'True' || (ready?.message ?? 'the kubelet has not registered it');
    },
    said,
  });
}
