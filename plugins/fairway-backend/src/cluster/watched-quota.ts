import type { KubernetesObject } from '@fairway/clients/kubernetes/index';

/** A ResourceQuota: what a namespace may ask for, and what it does. */
export interface WatchedQuota {
  readonly namespace: string;
  readonly hard: Readonly<Record<string, string>>;
  readonly used: Readonly<Record<string, string>>;
}

interface ResourceQuota extends KubernetesObject {
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

export function keepQuota(object: KubernetesObject): WatchedQuota {
  const { metadata, status } = object as ResourceQuota;
  return { namespace: metadata.namespace ?? '', hard: status?.hard ?? {}, used: status?.used ?? {} };
}
