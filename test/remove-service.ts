import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import { prometheus } from '@fairway/clients/prometheus/index';
import { readTarget } from '@fairway/targets/gateway/find';
import { parseGateway } from '@fairway/targets/gateway/references';
import type { PlatformState } from '@fairway/platform';

/** Takes a service that a test delivered out of the cluster and out of Prometheus, which would raise alerts for it. */
export async function removeService(
  platform: Pick<PlatformState, 'gateway' | 'kubernetes' | 'prometheus'>,
  name: string,
): Promise<void> {
  const { directory, url } = platform.prometheus;
  for (const folder of ['rules', 'scrape']) await rm(join(directory, folder, `${name}-${name}.yml`), { force: true });
  await prometheus(url).reload();
  const cluster = await connectCluster(platform.kubernetes);
  const gateway = parseGateway(platform.gateway.reference);
  await (await readTarget(cluster, gateway)).remove(cluster, gateway, { namespace: name, name });
  await cluster.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}
