import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { until } from './until.ts';

interface Volume extends KubernetesObject {
  readonly status?: { readonly phase?: string };
}

/**
 * Applies objects with the volumes first, and the rest when the cluster's controller has seen them. A claim that it sees before its volume
 * is looked at again 15 s later (`--pvclaimbinder-sync-period`), and the scheduler has missed the binding after that.
 */
export async function applyWithVolumes(
  cluster: Cluster,
  objects: readonly KubernetesObject[],
  signal: AbortSignal,
): Promise<void> {
  const volumes = objects.filter(({ kind }) => kind === 'PersistentVolume');
  await applyObjects(cluster, volumes, { force: true });
  for (const volume of volumes)
    await until(`the volume ${volume.metadata.name} to be seen`, 30_000, signal, async () => {
      const phase = (await cluster.get<Volume>(volume))?.status?.phase;
      return ['Available', 'Bound', 'Released'].includes(phase ?? '') || `its phase is ${phase ?? 'not set'}`;
    });
  await applyObjects(
    cluster,
    objects.filter(object => !volumes.includes(object)),
    { force: true },
  );
}
