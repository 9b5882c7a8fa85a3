import { DEFAULT_NAMESPACE, makeValidator, parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';

const { isValidEntityName, isValidKind, isValidNamespace } = makeValidator();

/**
 * The owner of a fairway.yaml as an entity reference of the catalog, such as "group:default/team-hello": a bare name is a group.
 * Two spellings of one owner have the same reference.
 * @returns undefined for what no catalog can hold: "", "team:", names with other characters or over 63 of them
 * @public
 */
export function ownerReference(owner: string): string | undefined {
  if (owner === '') return undefined;
  let reference: string;
  try {
    reference = stringifyEntityRef(
      parseEntityRef(owner, { defaultKind: 'group', defaultNamespace: DEFAULT_NAMESPACE }),
    );
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
  const { kind, namespace, name } = parseEntityRef(reference);
  return isValidKind(kind) && isValidNamespace(namespace) && isValidEntityName(name) ? reference : undefined;
}
