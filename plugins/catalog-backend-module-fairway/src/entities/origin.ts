import { ANNOTATION_LOCATION, ANNOTATION_ORIGIN_LOCATION } from '@backstage/catalog-model';

/** Type of the location that all entities of Fairway come from. */
export const originLocation = 'fairway';

/** The two annotations without which the catalog takes no entity. */
export function originAnnotations(target: string): Record<string, string> {
  const location = `${originLocation}:${target}`;
  return { [ANNOTATION_LOCATION]: location, [ANNOTATION_ORIGIN_LOCATION]: location };
}
