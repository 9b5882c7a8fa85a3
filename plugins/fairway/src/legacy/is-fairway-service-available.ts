import type { Entity } from '@backstage/catalog-model';
import { serviceAnnotation } from '@fairway/backstage-plugin-fairway-common';

/** Condition of an `EntitySwitch.Case`: whether the entity names a service. @public */
export function isFairwayServiceAvailable(entity: Entity): boolean {
  return Boolean(entity.metadata.annotations?.[serviceAnnotation]);
}
