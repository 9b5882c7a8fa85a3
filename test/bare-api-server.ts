import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { openSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { freePort } from '@fairway/clients/docker/free-port';
import { applyObjects, connectCluster, isReady, listWorkloads } from '@fairway/clients/kubernetes/index';
import type { Cluster, Condition, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { parseManifest } from '@fairway/platform/serving/manifests';

export interface BareApiServer {
  readonly cluster: Cluster;
  readonly kubeconfig: string;
  readonly context: string;
  stop(): Promise<void>;
}

const context = 'bare';
const token = 'bare';
/** Context, user and token of a login that may do nothing until somebody gives it a role. */
export const tenant = 'tenant';

/**
 * etcd and an API server without controllers, scheduler and nodes: what is put into it stays as it is, thousands of nodes
 * that do not exist included.
 * @param programs folder of the programs
 * @param flags more of the API server's
 */
export async function startBareApiServer(
  programs: string,
  folder: string,
  flags: Readonly<Record<string, string>> = {},
): Promise<BareApiServer> {
  const [clients, peers, secure] = await Promise.all([freePort(), freePort(), freePort()]);
  const etcdUrl = `http://127.0.0.1:${clients}`;
  const peerUrl = `http://127.0.0.1:${peers}`;
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await writeFile(join(folder, 'account.pub'), keys.publicKey);
  await writeFile(join(folder, 'account.key'), keys.privateKey, { mode: 0o600 });
  await writeFile(join(folder, 'tokens.csv'), `${token},bare,bare,system:masters\n${tenant},${tenant},${tenant}\n`, {
    mode: 0o600,
  });
  const etcd = start(folder, join(programs, 'etcd'), {
    'data-dir': join(folder, 'etcd'),
    'listen-client-urls': etcdUrl,
    'advertise-client-urls': etcdUrl,
    'listen-peer-urls': peerUrl,
    'initial-advertise-peer-urls': peerUrl,
    'initial-cluster': `default=${peerUrl}`,
    'unsafe-no-fsync': 'true',
    'quota-backend-bytes': String(8 * 1024 ** 3),
    'log-level': 'warn',
  });
  const server = start(folder, join(programs, 'kube-apiserver'), {
    'etcd-servers': etcdUrl,
    'bind-address': '127.0.0.1',
    'advertise-address': '127.0.0.1',
    'endpoint-reconciler-type': 'none',
    'secure-port': String(secure),
    'cert-dir': folder,
    'token-auth-file': join(folder, 'tokens.csv'),
    'authorization-mode': 'RBAC',
    // there is nobody who would make the default account of a namespace
    'disable-admission-plugins': 'ServiceAccount',
    'service-cluster-ip-range': '10.96.0.0/16',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': join(folder, 'account.pub'),
    'service-account-signing-key-file': join(folder, 'account.key'),
    'max-requests-inflight': '1000',
    'max-mutating-requests-inflight': '1000',
    ...flags,
  });
  const stop = async () => {
    for (const child of [server, etcd]) await ended(child);
  };
  try {
    const kubeconfig = join(folder, 'kubeconfig');
    const cluster = { server: `https://127.0.0.1:${secure}`, 'certificate-authority': join(folder, 'apiserver.crt') };
    const named = { ...cluster, 'tls-server-name': 'kubernetes.default.svc' };
    await writeFile(
      kubeconfig,
      stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: context, cluster: named }],
        users: [
          { name: context, user: { token } },
          { name: tenant, user: { token: tenant } },
        ],
        contexts: [context, tenant].map(user => ({ name: user, context: { cluster: context, user } })),
        // controllers go by it
        'current-context': context,
      }),
      { mode: 0o600 },
    );
    return { cluster: await ready(kubeconfig, server), kubeconfig, context, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The custom resource definitions under `crds` of a part. */
export async function definitionsOf(part: string): Promise<readonly KubernetesObject[]> {
  const folder = join(part, 'crds');
  const names = (await readdir(folder)).filter(name => name.endsWith('.yaml')).sort();
  const texts = await Promise.all(
    names.map(async name => parseManifest(await readFile(join(folder, name), 'utf8'), name)),
  );
  return texts.flat().filter(({ kind }) => kind === 'CustomResourceDefinition');
}

/** Applies custom resource definitions and waits until the server serves them. */
export async function applyDefinitions(cluster: Cluster, definitions: readonly KubernetesObject[]): Promise<void> {
  await applyObjects(cluster, definitions);
  for (const definition of definitions)
    for (let tries = 0; ; tries++) {
      const found = await cluster.get<KubernetesObject & { status?: { conditions?: readonly Condition[] } }>(
        definition,
      );
      if (found?.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) break;
      if (tries === 100) throw new Error(`${definition.metadata.name} was not established`);
      await new Promise(resolve => setTimeout(resolve, 200));
    }
}

async function ready(kubeconfig: string, server: ChildProcess): Promise<Cluster> {
  for (let attempt = 0; ; attempt++) {
    try {
      const cluster = await connectCluster({ kubeconfig, context });
      await cluster.text('GET', '/readyz');
      return cluster;
    } catch (error) {
      if (attempt === 60 || server.exitCode !== null) throw error;
    }
    await sleep(1000);
  }
}

function start(folder: string, program: string, flags: Readonly<Record<string, string>>): ChildProcess {
  const log = openSync(join(folder, `${program.split('/').at(-1)}.log`), 'w');
  const values = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  return spawn(program, values, { stdio: ['ignore', log, log] });
}

/** Waits until a program answers that it is well. */
export async function answers(child: ChildProcess, url: string): Promise<void> {
  let last: unknown;
  for (let attempt = 0; attempt < 200 && child.exitCode === null; attempt++) {
    try {
      const { ok, status } = await fetch(url);
      if (ok) return;
      last = status;
    } catch (error) {
      last = error;
    }
    await sleep(200);
  }
  throw new Error(`${child.spawnfile} does not answer at ${url}`, { cause: last });
}

/** Ends a program, by force after ten seconds. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGTERM');
  const last = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exit;
  clearTimeout(last);
}

/** Nobody in this cluster runs pods: says of the versions of a namespace that theirs are ready, each as the controller of its kind does. */
export function readyPods(cluster: Cluster, namespace: string): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const running = (async () => {
    while (!stopped.signal.aborted) {
      for (const one of await listWorkloads(cluster, namespace, {})) {
        if (isReady(one)) continue;
        const { generation } = one.metadata;
        const count = one.spec?.replicas ?? 1;
        const counts = { replicas: count, updatedReplicas: count, readyReplicas: count };
        const looked = one.kind === 'Rollout' ? String(generation) : generation;
        const all = { ...counts, availableReplicas: count, observedGeneration: looked };
        const primary = {
          apiGroup: 'apps',
          kind: 'Deployment',
          name: `${one.metadata.name}-kserve`,
          readyReplicas: count,
        };
        const others: Readonly<Record<string, object>> = {
          LeaderWorkerSet: counts,
          LLMInferenceService: { observedGeneration: generation, workloads: { primary } },
        };
        const status = others[one.kind] ?? all;
        await cluster.request('PATCH', `${await cluster.path(one)}/status`, {
          query: { fieldManager: 'status' },
          body: { status },
          contentType: 'application/merge-patch+json',
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
