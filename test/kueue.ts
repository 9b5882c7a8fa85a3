import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '@fairway/clients/docker/free-port';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { applyDefinitions, definitionsOf } from './bare-api-server.ts';
import type { BareApiServer } from './bare-api-server.ts';
import { startProgram, until } from './controllers.ts';
import { kueueController, kueueDefinitions } from './upstream-parts.ts';
import { applyConverted, applyWebhooks } from './webhooks.ts';

const namespace = 'kueue-system';
const webhookService = { namespace, name: 'kueue-webhook-service' };
const certificates = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name: 'kueue-webhook-server-cert' } };
/** Kinds whose objects Kueue converts between its versions (config/components/crd/kustomization.yaml). */
const converted = /^(localqueues|clusterqueues|cohorts|workloads|multikueueclusters)\./;

/**
 * Kueue as its manifests install it: it makes the certificates of its webhooks itself, and they are reached through its Service, which leads to
 * the loopback. What is left out is the server that says what waits before whom: it would write to the root of this machine.
 * @param frameworks what of this cluster waits in queues
 */
export async function startKueue(
  parts: ReadonlyMap<string, string>,
  folder: string,
  { cluster, kubeconfig }: BareApiServer,
  frameworks: readonly string[],
): Promise<{ stop(): Promise<void> }> {
  const part = parts.get(kueueController.name)!;
  const [port, health] = await Promise.all([freePort(), freePort()]);
  const service = { ...webhookService, port };
  await applyObjects(cluster, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    certificates,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: webhookService,
      spec: { type: 'ExternalName', externalName: 'localhost' },
    },
  ]);
  const definitions = await definitionsOf(parts.get(kueueDefinitions.name)!);
  const isConverted = ({ metadata }: KubernetesObject) => converted.test(metadata.name);
  await applyConverted(cluster, definitions.filter(isConverted), { service: { ...service, path: '/convert' } });
  await applyDefinitions(
    cluster,
    definitions.filter(one => !isConverted(one)),
  );
  await applyWebhooks(
    cluster,
    join(part, 'webhooks.yaml'),
    name => `kueue-${name}`,
    webhook => ({ ...webhook, clientConfig: { service: { ...service, path: webhook.clientConfig.service.path } } }),
  );
  const certDir = join(folder, 'kueue');
  await mkdir(certDir);
  const configuration = join(folder, 'kueue.yaml');
  await writeFile(
    configuration,
    stringify({
      apiVersion: 'config.kueue.x-k8s.io/v1beta2',
      kind: 'Configuration',
      health: { healthProbeBindAddress: `127.0.0.1:${health}` },
      metrics: { bindAddress: '0' },
      webhook: { port, host: '127.0.0.1', certDir },
      leaderElection: { leaderElect: false },
      clientConnection: { qps: 50, burst: 100 },
      integrations: { frameworks },
      featureGates: { VisibilityOnDemand: false },
    }),
  );
  const program = startProgram(folder, join(part, kueueController.name), [
    `--kubeconfig=${kubeconfig}`,
    `--config=${configuration}`,
  ]);
  await until('the certificates of Kueue', () => mount(cluster, certDir));
  await until('Kueue', () =>
    fetch(`http://127.0.0.1:${health}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return program;
}

/** Writes the certificates into a folder, as a kubelet would; false while they are not there. */
async function mount(cluster: Cluster, folder: string): Promise<boolean> {
  const found = await cluster.get<KubernetesObject & { data?: Readonly<Record<string, string>> }>(certificates);
  const files = Object.entries(found?.data ?? {});
  // the certificate last: its file is what Kueue waits for
  for (const [name, content] of files.sort(([one]) => (one === 'tls.crt' ? 1 : -1)))
    await writeFile(join(folder, name), Buffer.from(content, 'base64'), { mode: 0o600 });
  return files.length > 0;
}
