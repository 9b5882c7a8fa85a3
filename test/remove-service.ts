import { connectCluster } from '@fairway/clients/kubernetes/index';
import type { PlatformState } from '@fairway/platform';
import { fairway } from './e2e/fairway-command.ts';

/** Takes a service that a test delivered out of the local platform, and the namespace that it had for itself. */
export async function removeService({ kubernetes }: Pick<PlatformState, 'kubernetes'>, name: string): Promise<void> {
  const { code, stderr } = await fairway(['remove', '--service', `${name}/${name}`, '--yes']);
  if (code !== 0) throw new Error(stderr);
  const cluster = await connectCluster(kubernetes);
  await cluster.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}
