import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { countsPods, isGpuResource, quantity, type QuotaScopes } from '@fairway/service';
import type { GpuQuota } from '../cluster-views.ts';

/** A ResourceQuota: what a namespace may ask for, and what it does. */
export interface WatchedQuota {
  readonly namespace: string;
  readonly hard: Readonly<Record<string, string>>;
  readonly used: Readonly<Record<string, string>>;
  readonly scopes: QuotaScopes;
}

interface ResourceQuota extends KubernetesObject {
  readonly spec?: QuotaScopes;
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

export function keepQuota(object: KubernetesObject): WatchedQuota {
  const { metadata, spec, status } = object as ResourceQuota;
  const { scopes, scopeSelector } = spec ?? {};
  return {
    namespace: metadata.namespace ?? '',
    hard: status?.hard ?? {},
    used: status?.used ?? {},
    scopes: { ...(scopes && { scopes }), ...(scopeSelector && { scopeSelector }) },
  };
}

/**
 * What it says of GPUs. Of extended resources a quota limits requests alone.
 * Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/#resource-quota-for-extended-resources
 */
export function gpuQuotas(cluster: string, { namespace, hard, used, scopes }: WatchedQuota): readonly GpuQuota[] {
  // of jobs, or of one priority: it is not what the namespace has
  if (!countsPods(scopes, undefined)) return [];
  return Object.entries(hard).flatMap(([name, limit]) => {
    const resource = name.replace(/^requests\./, '');
    if (resource === name || !isGpuResource(resource)) return [];
    return [{ cluster, namespace, resource, hard: quantity(limit), used: quantity(used[name]) }];
  });
}
