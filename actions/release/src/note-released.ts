import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';

/**
 * Notes on a version that it was released, and does what comes after. Where either fails, the users go back to the version before, so the
 * notes go back too: by them later releases and rollbacks know which version the users are meant to have.
 * @param goesBack whether the users do; not where there is nowhere to go, nor once somebody else holds the lease, who has read the notes
 */
export async function noteReleased(
  cluster: Cluster,
  version: KubernetesObject,
  notes: Readonly<Record<string, string | null>>,
  goesBack: () => Promise<boolean>,
  after: () => Promise<unknown>,
): Promise<void> {
  const before = Object.fromEntries(
    Object.keys(notes).map(name => [name, version.metadata.annotations?.[name] ?? null]),
  );
  try {
    await cluster.annotate(version, notes);
    await after();
  } catch (error) {
    if (await goesBack())
      // what ended it may be the run's own signal, and an answer that was lost may have been written
      await cluster.withSignal(AbortSignal.timeout(30_000)).annotate(version, before);
    throw error;
  }
}
