import { type CompoundEntityRef, parseEntityRef } from '@backstage/catalog-model';

/** The owner of fairway.yaml as a whole reference: a bare name is a team. */
export function ownerReference(owner: string): CompoundEntityRef {
  const { kind, namespace, name } = parseEntityRef(owner, { defaultKind: 'Group', defaultNamespace: 'default' });
  return { kind: kind.toLocaleLowerCase('en-US'), namespace: namespace.toLocaleLowerCase('en-US'), name };
}
