import { DEFAULT_NAMESPACE, type Entity, parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { KnownService } from '../known-services.ts';
import { originAnnotations } from './origin.ts';

/** Every team and system that services name, once. Users are never made up: a person is known by an identity provider. */
export function ownersAndSystems(services: readonly KnownService[]): Entity[] {
  const entities = services.flatMap(service => [...ownerOf(service), ...systemOf(service)]);
  return [...new Map(entities.toReversed().map(entity => [stringifyEntityRef(entity), entity])).values()].toReversed();
}

function ownerOf({ owner }: KnownService): Entity[] {
  const { kind, namespace, name } = parseEntityRef(owner);
  if (kind !== 'group') return [];
  return [
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Group',
      metadata: {
        name,
        namespace,
        description: 'Named as owner in fairway.yaml; registered nowhere else.',
        annotations: originAnnotations(`group/${name}`),
      },
      spec: { type: 'team', children: [] },
    },
  ];
}

/** Systems lie in the default namespace, whatever that of the service is. */
export function systemReference(system: string): string {
  return `system:${DEFAULT_NAMESPACE}/${system}`;
}

function systemOf({ system, owner }: KnownService): Entity[] {
  if (!system) return [];
  return [
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'System',
      metadata: {
        name: system,
        namespace: DEFAULT_NAMESPACE,
        description: 'Named as system in fairway.yaml; registered nowhere else.',
        annotations: originAnnotations(`system/${system}`),
      },
      spec: { owner },
    },
  ];
}
