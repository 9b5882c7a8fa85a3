import type { AuthService } from '@backstage/backend-plugin-api';
import { ANNOTATION_ORIGIN_LOCATION, type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { originLocation } from './entities/origin.ts';

/** Those that nobody else has registered: what people or an organisation's provider put into the catalog is never overwritten. */
export async function unclaimedEntities(
  entities: readonly Entity[],
  catalog: CatalogService,
  auth: AuthService,
): Promise<Entity[]> {
  if (entities.length === 0) return [];
  const { items } = await catalog.getEntitiesByRefs(
    {
      entityRefs: entities.map(entity => stringifyEntityRef(entity)),
      fields: ['kind', 'metadata.name', 'metadata.annotations'],
    },
    { credentials: await auth.getOwnServiceCredentials() },
  );
  return entities.filter((_entity, index) => {
    const found = items[index];
    return !found || (found.metadata.annotations?.[ANNOTATION_ORIGIN_LOCATION] ?? '').startsWith(`${originLocation}:`);
  });
}
