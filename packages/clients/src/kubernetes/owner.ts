import type { KubernetesObject } from './objects.ts';

/** The object as one that the cluster removes together with another, which is of the same namespace and was read from it. */
export function ownedBy(object: KubernetesObject, owner: KubernetesObject): KubernetesObject {
  const { apiVersion, kind, metadata } = owner;
  if (!metadata.uid) throw new Error(`${kind} ${metadata.name} was not read from a cluster`);
  const ownerReferences = [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }];
  return { ...object, metadata: { ...object.metadata, ownerReferences } };
}

/** Whether Fairway itself applied an object that was read from a cluster, rather than a controller that reads files. */
export function isAppliedByFairway({ metadata }: KubernetesObject): boolean {
  return metadata.managedFields?.some(one => one.manager === 'fairway' && one.operation === 'Apply') ?? false;
}
