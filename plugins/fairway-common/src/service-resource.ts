import { ownerReference } from './owner-reference.ts';

/** Type of the resource that the permissions of Fairway are about. @public */
export const RESOURCE_TYPE_FAIRWAY_SERVICE = 'fairway-service';

/** A service as permissions know it, or what stands for one: the pods of a namespace, an alert that names no service. @public */
export interface ServiceResource {
  readonly namespace?: string;
  readonly service?: string;
  /** Whole entity reference of who answers for it; absent where nobody is known to. */
  readonly owner?: string;
}

/**
 * How a permission names its resource: `namespace/service`, then `@` and an owner. The owner counts for a service of which
 * the portal stores no delivery; of all others it knows better.
 * @public
 */
export function serviceResourceRef({ namespace = '', service = '', owner }: ServiceResource): string {
  return `${namespace}/${service}${owner === undefined ? '' : `@${owner}`}`;
}

/** @returns undefined for what names no resource @public */
export function parseServiceResourceRef(reference: string): ServiceResource | undefined {
  const [found, namespace, service, owner] = /^([^/@]*)\/([^/@]*)(?:@(.+))?$/.exec(reference) ?? [];
  if (found === undefined) return undefined;
  return { namespace: namespace || undefined, service: service || undefined, owner: owner && ownerReference(owner) };
}
