import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { isTaken, takeLease } from '@fairway/clients/kubernetes/lease';
import { releaseLeaseName } from '@fairway/clients/kubernetes/names';
import { goBack } from '@fairway/targets/gateway/go-back';
import type { Guarded } from '@fairway/targets/workload/guard';

/** Takes the lease of a release that broke off and gives its users back to the stable version; says what it did. */
export async function takeOver(
  cluster: Cluster,
  guarded: Guarded,
  signal: AbortSignal,
  progress: (message: string) => void,
): Promise<string> {
  const { service, holder, stable, candidate } = guarded;
  const lease = await takeLease(
    cluster,
    { namespace: service.namespace, name: releaseLeaseName(service.name) },
    `guard of ${holder}`,
    signal,
    true,
  );
  if (isTaken(lease)) return `${lease.holder} releases now; it goes on from the version released last.`;
  try {
    return `The release by ${holder} broke off. ${await goBack(cluster, service, stable, candidate, progress)}.`;
  } finally {
    await lease.release();
  }
}
