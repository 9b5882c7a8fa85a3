import type { Entity } from '@backstage/catalog-model';
import { serviceEntityName } from '@fairway/backstage-plugin-fairway-common';
import type { KnownService } from '../known-services.ts';
import { interfaceDescription } from './interface-description.ts';
import { originAnnotations } from './origin.ts';
import { systemReference } from './owners-and-systems.ts';
import { linkTo } from './link-to.ts';
import { serviceAnnotations } from './service-annotations.ts';

/** The API type of model servers; all engines of Fairway speak OpenAI's protocol. */
const modelServerType = 'ai-model-server';
const serverType = 'openai-v1';

/** What clients ask for; undefined before the service has an address. */
export function modelServer(service: KnownService): Entity | undefined {
  const { name, namespace, delivered } = service;
  const url = linkTo(delivered?.url);
  if (!delivered || !url || service.decommissioned) return undefined;
  const serverUrl = `${url.replace(/\/+$/, '')}/v1`;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'API',
    metadata: {
      name,
      namespace: serviceEntityName({ service: name, namespace }).namespace,
      description: `The model ${delivered.model}, by OpenAI's protocol.`,
      annotations: { ...originAnnotations(`${namespace}/${name}`), ...serviceAnnotations(service) },
      tags: ['inference', delivered.engine],
    },
    spec: {
      type: modelServerType,
      lifecycle: 'production',
      owner: service.owner,
      ...(service.system ? { system: systemReference(service.system) } : {}),
      serverType,
      serverUrl,
      models: { discoverable: true, available: [delivered.model], default: delivered.model },
      definition: interfaceDescription(name, delivered.model, serverUrl),
    },
  };
}
