import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { isReadyPod } from '@fairway/clients/kubernetes/workload';
import type { Pod } from '@fairway/clients/kubernetes/workload';
import { ended } from './bare-api-server.ts';

/** A program of a cluster that a test runs beside a bare API server; its output is in `<name>.log` of the folder. */
export function startProgram(
  folder: string,
  program: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): { stop(): Promise<void> } {
  const log = openSync(join(folder, `${program.split('/').at(-1)}.log`), 'w');
  const child = spawn(program, words, {
    stdio: ['ignore', log, log],
    env: { PATH: process.env['PATH'], HOME: folder, ...environment },
    cwd: folder,
  });
  return { stop: () => ended(child) };
}

/**
 * The controllers of Kubernetes that make pods of workloads and claims of pods, count quotas, scale, say how many pods may be evicted, and remove what
 * belongs to something that is gone.
 */
export function startControllerManager(
  programs: string,
  folder: string,
  kubeconfig: string,
  flags: readonly string[] = [],
) {
  const controllers = [
    'deployment',
    'replicaset',
    'statefulset',
    'garbage-collector',
    'resourcequota',
    'resourceclaim',
    'horizontal-pod-autoscaler',
    'disruption',
  ];
  return startProgram(folder, join(programs, 'kube-controller-manager'), [
    `--kubeconfig=${kubeconfig}`,
    `--controllers=${controllers.map(name => `${name}-controller`).join(',')}`,
    '--leader-elect=false',
    '--secure-port=0',
    ...flags,
  ]);
}

/** Says of the pods of a namespace that they run and are ready, as the kubelet of a node would: there is no node. */
export function startPods(cluster: Cluster, namespace: string): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const running = (async () => {
    while (!stopped.signal.aborted) {
      for (const pod of await cluster.list<Pod>('v1', 'Pod', namespace)) {
        if (isReadyPod(pod) || pod.metadata.deletionTimestamp || isGated(pod)) continue;
        const conditions = ['Ready', 'ContainersReady'].map(type => ({ type, status: 'True' }));
        await cluster
          .request('PATCH', `${await cluster.path(pod)}/status`, {
            query: { fieldManager: 'kubelet' },
            body: { status: { phase: 'Running', conditions } },
            contentType: 'application/merge-patch+json',
          })
          .catch((error: Error & { status?: number }) => {
            // it went meanwhile
            if (error.status !== 404) throw error;
          });
      }
      await new Promise(resolve => setTimeout(resolve, 200));
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}

/** Whether somebody holds a pod back, whom the scheduler waits for. */
export function isGated({ spec }: Pod): boolean {
  return (spec?.schedulingGates ?? []).length > 0;
}

/** @throws Error when it does not come about within two minutes */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries === 240) throw new Error(`${what} did not come about within two minutes`);
    await new Promise(resolve => setTimeout(resolve, 500));
  }
}
