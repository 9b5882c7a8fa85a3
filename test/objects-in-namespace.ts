import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';

interface Resources {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
}
interface Groups {
  readonly groups: readonly { readonly versions: readonly { readonly groupVersion: string }[] }[];
}

/** What a cluster puts into every namespace, and what it takes away by itself. */
const ofTheCluster = [
  /^Event /,
  /^ServiceAccount default$/,
  /^ConfigMap (kube-root-ca\.crt|istio-ca-(root-cert|crl))$/,
];

/** Everything of every kind that a cluster serves in a namespace, as `kind name`, without what the cluster itself has there. */
export async function objectsIn(cluster: Cluster, namespace: string): Promise<readonly string[]> {
  const { groups } = await cluster.request<Groups>('GET', '/apis');
  // all versions: some kinds are in none that a group prefers
  const versions = groups.flatMap(group => group.versions.map(({ groupVersion }) => `/apis/${groupVersion}`));
  const roots = ['/api/v1', ...versions];
  const found = new Set<string>();
  for (const root of roots) {
    const { resources } = await cluster.request<Resources>('GET', root);
    for (const { name, kind, namespaced, verbs } of resources) {
      if (!namespaced || !verbs.includes('list')) continue;
      const path = `${root}/namespaces/${namespace}/${name}`;
      const { items } = await cluster.request<{ items: readonly KubernetesObject[] }>('GET', path);
      for (const { metadata } of items) found.add(`${kind} ${metadata.name}`);
    }
  }
  return [...found].filter(object => !ofTheCluster.some(pattern => pattern.test(object))).toSorted();
}
