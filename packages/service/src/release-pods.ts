import type { Service } from './schema.ts';

type Released = Pick<Service, 'release' | 'resources'> & Partial<Pick<Service, 'gateway'>>;

/** Whether users are divided by the pods of the versions, because no gateway of Fairway's weighs. */
export function sharesByPods({ gateway }: Partial<Pick<Service, 'gateway'>>): boolean {
  return gateway?.own !== undefined;
}

/** Whether `release.surge` leaves no room for two versions with all their pods. */
export function lacksRoom({ release, resources }: Released): boolean {
  return release.surge < resources.replicas;
}

/** Whether a release moves pods from one version to the other: for want of room, or because the users follow them. */
export function replacesPods(service: Released): boolean {
  return sharesByPods(service) || lacksRoom(service);
}

/** Pods with which a new version enters beside the one that serves. */
export function enteringPods(service: Released): number {
  const { release, resources } = service;
  const first = sharesByPods(service) ? podsOfShare(service, release.steps[0]!.weight).candidate : Infinity;
  return Math.min(resources.replicas, Math.max(1, release.surge), first);
}

/**
 * Pods that the version before has beside so many of a new one.
 * @param whole pods that it has when it serves alone
 */
export function podsBeside({ release, resources }: Released, whole: number, pods: number): number {
  return Math.min(whole, Math.max(whole, resources.replicas) + release.surge - pods);
}

/**
 * Most pods that a new version and the one before have together until the release is over.
 * @param whole pods that the version before has when it serves alone; 0 where there is none
 */
export function mostPods({ release, resources }: Released, whole: number): number {
  return Math.min(whole + resources.replicas, Math.max(whole, resources.replicas) + release.surge);
}

/** Pods of a new version in a step of this weight, in percent. */
export function podsOfWeight(service: Released, weight: number): number {
  const { replicas } = service.resources;
  if (sharesByPods(service)) return podsOfShare(service, weight).candidate;
  return lacksRoom(service) ? Math.ceil((weight * replicas) / 100) : replicas;
}

export interface PodsOfShare {
  readonly candidate: number;
  readonly stable: number;
  /** Percent of the users that the candidate then gets. */
  readonly share: number;
}

/**
 * Pods of both versions where users are divided by them: those of the largest share that is not over the weight, or of the
 * smallest share that there is. The version before keeps as many pods as there is room for, until the new one has all of its own;
 * in between less than all pods never serve. At 100 percent nobody reaches the version before, so it waits with what there is room for.
 * @param weight percent of the users that are wanted
 * @param whole pods that the version before has when it serves alone; default: as many as the new one
 */
export function podsOfShare(service: Released, weight: number, whole = service.resources.replicas): PodsOfShare {
  const { replicas } = service.resources;
  if (weight === 100) return { candidate: replicas, stable: podsBeside(service, whole, replicas), share: 100 };
  const ways: PodsOfShare[] = [];
  const add = (candidate: number, stable: number) =>
    ways.push({ candidate, stable, share: (100 * candidate) / (candidate + stable) });
  for (let candidate = 1; candidate <= replicas; candidate++) add(candidate, podsBeside(service, whole, candidate));
  for (let stable = podsBeside(service, whole, replicas) - 1; stable > 0; stable--) add(replicas, stable);
  return ways.findLast(({ share }) => share <= weight) ?? ways[0]!;
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
