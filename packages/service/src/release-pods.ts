import type { Service } from './schema.ts';

type Released = Pick<Service, 'release' | 'resources'>;

/**
 * Whether a release replaces the pods of the version before one after another, because `release.surge` leaves no room for
 * as many pods as it has.
 */
export function replacesPods({ release, resources }: Released): boolean {
  return release.surge < resources.replicas;
}

/** Pods with which a new version enters beside the one that serves. */
export function enteringPods({ release, resources }: Released): number {
  return Math.min(resources.replicas, Math.max(1, release.surge));
}

/**
 * Pods that the version before has beside so many of a new one.
 * @param whole pods that it has when it serves alone
 */
export function podsBeside({ release, resources }: Released, whole: number, pods: number): number {
  return Math.min(whole, Math.max(whole, resources.replicas) + release.surge - pods);
}

/** Pods of a new version in a step of this weight, in percent. */
export function podsOfWeight(service: Released, weight: number): number {
  const { replicas } = service.resources;
  return replacesPods(service) ? Math.ceil((weight * replicas) / 100) : replicas;
}

/**
 * Percent of the traffic of a new version: the wanted part, unless a pod of either version would then get more than its
 * share, which is one part in `replicas`. Where both together have fewer pods than that, all pods get the same.
 * @param pods of the new version and of the one before, that answer
 */
export function weightOfPods(
  pods: { readonly candidate: number; readonly stable: number },
  replicas: number,
  wanted: number,
): number {
  const shares = Math.min(replicas, pods.candidate + pods.stable);
  if (shares === 0) return wanted;
  const least = 100 * (1 - pods.stable / shares);
  const most = (100 * pods.candidate) / shares;
  return Math.round(Math.min(most, Math.max(least, wanted)));
}

/** The service with the part of its load that so many of its pods are asked to carry. */
export function withLoadOfPods(service: Service, pods: number): Service {
  const { load, resources } = service;
  if (pods >= resources.replicas) return service;
  return { ...service, load: { ...load, requestsPerSecond: (load.requestsPerSecond * pods) / resources.replicas } };
}
