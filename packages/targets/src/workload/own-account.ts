import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';

type Metadata = KubernetesObject['metadata'];

/** A service account in the namespace of a service with a role for exactly these rules. All three have one name. */
export function ownAccount(metadata: Metadata, rules: readonly object[]): readonly KubernetesObject[] {
  const { name, namespace } = metadata;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ];
}
