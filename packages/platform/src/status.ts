import { readFile } from 'node:fs/promises';
import { connectDocker } from '@fairway/clients/docker/engine';
import { connectCluster, isReady } from '@fairway/clients/kubernetes/index';
import type { Deployment } from '@fairway/clients/kubernetes/index';
import { alertmanagerFolder, clusterFolder, platformFolders, servicesFolder } from './folders.ts';
import type { Folders } from './folders.ts';
import { readState } from './platform-state.ts';
import type { PlatformState } from './platform-state.ts';
import { readinessUrl, runningPortal } from './portal/index.ts';
import { Sandbox } from './sandbox.ts';

export interface ComponentStatus {
  readonly name: string;
  /** Whether it answers now. */
  readonly running: boolean;
  /** Where it is, or why it does not answer. */
  readonly detail: string;
}

const patience = 3000;

/** Asks every component of the platform; empty when nothing of it runs. */
export async function status(folders: Folders = platformFolders()): Promise<readonly ComponentStatus[]> {
  const state = await readState(folders.state);
  if (!state) return unfinished(folders);
  const { docker, registry, kubernetes, gateway, issuer, prometheus, alertmanager, logs, mesh } = state;
  const signal = () => AbortSignal.timeout(patience);
  const portal = await runningPortal(folders);
  return Promise.all([
    ask('docker', docker.host, async () => {
      await connectDocker(docker.host, signal());
    }),
    ask('registry', registry.address, async () => {
      const password = await readFile(registry.passwordFile, 'utf8');
      const authorization = `Basic ${Buffer.from(`${registry.username}:${password}`).toString('base64')}`;
      await answers(`http://${registry.address}/v2/`, { authorization });
    }),
    ask('kubernetes', `context ${kubernetes.context} in ${kubernetes.kubeconfig}`, async () => {
      const cluster = await connectCluster({ ...kubernetes, signal: signal() });
      await cluster.text('GET', '/readyz');
    }),
    // without a route it has nothing but a 404 to say, which it says itself
    ask('gateway', gateway.url, async () => {
      await fetch(gateway.url, { signal: signal() });
    }),
    ask('issuer', issuer.url, () => answers(issuer.jwksUrl)),
    ask('prometheus', prometheus.url, () => answers(`${prometheus.url}/-/ready`)),
    ask('alertmanager', alertmanager.url, () => answers(`${alertmanager.url}/-/ready`)),
    ...(logs ? [ask('logs', logs.url, () => answers(logs.url))] : []),
    ...(mesh ? [ask('mesh', 'Istio in the namespace istio-system', () => meshAnswers(kubernetes, signal()))] : []),
    ...(portal ? [ask('portal', portal.url, () => answers(readinessUrl(portal)))] : []),
  ]);
}

/** What runs of a platform whose start has not come to its end. */
async function unfinished(folders: Folders): Promise<readonly ComponentStatus[]> {
  const sandboxes = [
    ['cluster', clusterFolder(folders)],
    ['alertmanager', alertmanagerFolder(folders)],
    ['services', servicesFolder(folders)],
  ] as const;
  const running = await Promise.all(sandboxes.map(([, folder]) => new Sandbox(folder).running()));
  if (!running.includes(true)) return [];
  return sandboxes.map(([name], index) => ({
    name,
    running: running[index] === true,
    detail: 'its start is under way or was interrupted; fairway platform up completes it',
  }));
}

async function answers(url: string, headers: Record<string, string> = {}): Promise<void> {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(patience) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
}

async function meshAnswers(kubernetes: PlatformState['kubernetes'], signal: AbortSignal): Promise<void> {
  const cluster = await connectCluster({ ...kubernetes, signal });
  const istiod = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: 'istio-system', name: 'istiod' } };
  const found = await cluster.get<Deployment>(istiod);
  if (!found || !isReady(found)) throw new Error('istiod is not ready');
}

async function ask(name: string, place: string, question: () => Promise<void>): Promise<ComponentStatus> {
  try {
    await question();
    return { name, running: true, detail: place };
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { name, running: false, detail: `${place}: ${reason instanceof Error ? reason.message : String(reason)}` };
  }
}
