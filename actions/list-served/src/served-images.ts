import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabel } from '@fairway/clients/kubernetes/names';
import { engineImage } from '@fairway/clients/kubernetes/workload';
import type { Service } from '@fairway/service';
import { trafficOf } from '@fairway/targets/traffic';
import { isKept } from '@fairway/targets/workload/keep';
import { versions } from '@fairway/targets/workload/versions';

/** An image that the cluster runs for a service. */
export interface ServedImage {
  /** As the pods have it: `registry/repository@sha256:…`. */
  readonly image: string;
  /** The versions that run it. */
  readonly revisions: readonly string[];
  /** Percent of the users' requests. */
  readonly share: number;
}

/**
 * The images that answer users, the one with most of their requests first, and apart those that `release.keep` holds for going back.
 * Candidates of a delivery that has not released yet are neither.
 */
export async function servedImages(
  cluster: Cluster,
  service: Service,
  signal: AbortSignal,
): Promise<{ readonly serving: readonly ServedImage[]; readonly kept: readonly ServedImage[] }> {
  const [shares, found] = await Promise.all([
    trafficOf(cluster, service, signal).shares(),
    versions(cluster, service.namespace, service.name),
  ]);
  const running = found.flatMap(workload => {
    const [image, revision] = [engineImage(workload), workload.metadata.labels?.[revisionLabel]];
    if (image === undefined || revision === undefined) return [];
    return [{ image, revision, share: shares.get(revision) ?? 0, kept: isKept(workload) }];
  });
  const serving = byImage(running.filter(({ share }) => share > 0));
  const answering = new Set(serving.map(({ image }) => image));
  const kept = byImage(running.filter(one => one.kept && !answering.has(one.image)));
  return { serving, kept };
}

function byImage(
  running: readonly { readonly image: string; readonly revision: string; readonly share: number }[],
): readonly ServedImage[] {
  return [...Map.groupBy(running, ({ image }) => image)]
    .map(([image, all]) => ({
      image,
      revisions: all.map(({ revision }) => revision),
      share: all.reduce((sum, { share }) => sum + share, 0),
    }))
    .toSorted((a, b) => b.share - a.share);
}
