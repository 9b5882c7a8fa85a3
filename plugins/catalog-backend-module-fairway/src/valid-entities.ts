import {
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  type Entity,
  EntityPolicies,
  FieldFormatEntityPolicy,
  groupEntityV1alpha1Validator,
  SchemaValidEntityPolicy,
  stringifyEntityRef,
  systemEntityV1alpha1Validator,
} from '@backstage/catalog-model';

/** As the catalog itself judges entities; it would reject all of them for one. */
const policy = EntityPolicies.allOf([new SchemaValidEntityPolicy(), new FieldFormatEntityPolicy()]);
const kinds = [
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  groupEntityV1alpha1Validator,
  systemEntityV1alpha1Validator,
];

/** The entities that the catalog takes, and a sentence for each of the others. */
export async function validEntities(
  entities: readonly Entity[],
): Promise<{ readonly valid: readonly Entity[]; readonly invalid: readonly string[] }> {
  const valid: Entity[] = [];
  const invalid: string[] = [];
  for (const entity of entities) {
    try {
      await policy.enforce(entity);
      for (const kind of kinds) await kind.check(entity);
      valid.push(entity);
    } catch (error) {
      invalid.push(
        `The catalog does not take ${stringifyEntityRef(entity)}, which is left out of it: ${(error as Error).message}`,
      );
    }
  }
  return { valid, invalid };
}
