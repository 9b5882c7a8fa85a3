import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { LimitRangeItem } from '@fairway/service';

/** A LimitRange: what a namespace allows each pod and container. */
export interface WatchedLimits {
  readonly namespace: string;
  readonly items: readonly LimitRangeItem[];
}

export function keepLimits(object: KubernetesObject): WatchedLimits {
  const { metadata, spec } = object as KubernetesObject & {
    readonly spec?: { readonly limits?: readonly LimitRangeItem[] };
  };
  return { namespace: metadata.namespace ?? '', items: spec?.limits ?? [] };
}
