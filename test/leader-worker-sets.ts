import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '@fairway/clients/docker/free-port';
import type { BareApiServer } from './bare-api-server.ts';
import { startProgram } from './controllers.ts';
import { applyWebhooks, atPort, giveCertificate } from './webhooks.ts';

/**
 * The controller of LeaderWorkerSets. Its webhooks give the pods what they know of each other.
 * @param part   folder of the program
 * @param folder of the API server, which has made itself a certificate for the loopback
 */
export async function startLeaderWorkerSets(
  part: string,
  folder: string,
  { cluster, kubeconfig }: BareApiServer,
): Promise<{ stop(): Promise<void> }> {
  const port = await freePort();
  const certDir = join(folder, 'leader-worker-set');
  await giveCertificate(folder, certDir);
  const configuration = join(folder, 'leader-worker-set.yaml');
  await writeFile(
    configuration,
    stringify({
      apiVersion: 'config.lws.x-k8s.io/v1alpha1',
      kind: 'Configuration',
      webhook: { port, host: '127.0.0.1', certDir },
      health: { healthProbeBindAddress: `127.0.0.1:${await freePort()}` },
      metrics: { bindAddress: '0' },
      leaderElection: { leaderElect: false },
      internalCertManagement: { enable: false },
    }),
  );
  const program = startProgram(folder, join(part, 'leader-worker-set-controller'), [
    `--kubeconfig=${kubeconfig}`,
    `--config=${configuration}`,
  ]);
  const reached = atPort(port, await readFile(join(folder, 'apiserver.crt')));
  await applyWebhooks(
    cluster,
    join(part, 'webhooks.yaml'),
    name => name,
    webhook => ({
      ...reached(webhook),
      // as the project's own installation limits them
      ...(webhook.name.includes('pod')
        ? { objectSelector: { matchExpressions: [{ key: 'leaderworkerset.sigs.k8s.io/name', operator: 'Exists' }] } }
        : {}),
    }),
  );
  return program;
}
