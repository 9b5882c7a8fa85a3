import { english } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { goBack } from '@fairway/targets/gateway/go-back';
import { holdTraffic, TrafficTaken } from '@fairway/targets/gateway/traffic-lease';
import type { Guarded } from '@fairway/targets/workload/guard';

/** Takes the lease of a release that broke off and gives its users back to the stable version; says what it did. */
export async function takeOver(
  cluster: Cluster,
  guarded: Guarded,
  signal: AbortSignal,
  progress: (message: string) => void,
): Promise<string> {
  const { service, holder, stable, candidate } = guarded;
  const result = await holdTraffic(
    cluster,
    service,
    { holder: `guard of ${holder}`, signal, urgent: true },
    async hold =>
      `The release by ${holder} broke off. ${english(await goBack(cluster, service, stable, candidate, hold, progress))}.`,
  );
  return result instanceof TrafficTaken
    ? `Somebody goes on from the version released last: ${result.message}.`
    : result;
}
