import { DEFAULT_NAMESPACE } from '@backstage/catalog-model';

/** A service by its name and namespace. @public */
export interface ServiceName {
  readonly service: string;
  /** In its clusters; default the name, as in fairway.yaml. */
  readonly namespace?: string;
}

/**
 * Where the catalog has a service: a name is given once in each namespace, so the namespace of the cluster is that of the entity.
 * Where it is the service's own name, as fairway.yaml has it without more, the entity lies in `default`.
 * @public
 */
export function serviceEntityName({ service, namespace = service }: ServiceName) {
  return { kind: 'component', namespace: namespace === service ? DEFAULT_NAMESPACE : namespace, name: service };
}
