import type { ComponentEntity, Entity } from '@backstage/catalog-model';
import { serviceEntityName } from '@fairway/backstage-plugin-fairway-common';
import type { KnownService } from '../known-services.ts';
import { linkTo } from './link-to.ts';
import { modelServer } from './model-server.ts';
import { originAnnotations } from './origin.ts';
import { systemReference } from './owners-and-systems.ts';
import { serviceAnnotations } from './service-annotations.ts';

/** A service as a Component and, once it has an address, the API that it provides. */
export function serviceEntities(service: KnownService): Entity[] {
  const api = modelServer(service);
  return api ? [component(service, api.metadata.name), api] : [component(service)];
}

function component(service: KnownService, api?: string): ComponentEntity {
  const { name, namespace, delivered } = service;
  const entity = serviceEntityName({ service: name, namespace });
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: entity.name,
      namespace: entity.namespace,
      description: delivered
        ? `Serves ${delivered.model} on ${delivered.engine}.`
        : 'An inference service that runs in a cluster and was never delivered through this portal.',
      annotations: { ...originAnnotations(`${namespace}/${name}`), ...serviceAnnotations(service) },
      tags: [
        'inference',
        ...(delivered ? [delivered.engine] : []),
        ...(service.decommissioned ? ['decommissioned'] : []),
      ],
      links: serviceLinks(service),
    },
    spec: {
      type: 'service',
      lifecycle: service.decommissioned ? 'deprecated' : 'production',
      owner: service.owner,
      ...(service.system ? { system: systemReference(service.system) } : {}),
      ...(api ? { providesApis: [api] } : {}),
    },
  };
}

function serviceLinks({ delivered }: KnownService): NonNullable<Entity['metadata']['links']> {
  const gateway = linkTo(delivered?.url);
  const repository = linkTo(delivered?.repository);
  return [
    ...(gateway ? [{ url: gateway, title: 'Gateway', icon: 'web' }] : []),
    // Backstage has an icon of GitHub alone
    ...(repository
      ? [{ url: repository, title: 'Repository', ...(delivered?.repositoryAt !== 'gitlab' && { icon: 'github' }) }]
      : []),
  ];
}
