import type { Service } from '@fairway/service';
import { serviceLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { GatewayReference } from '../access.ts';
import type { PlacedWeights } from '../places.ts';
import * as shared from '../routes.ts';

/** The routes of a service, whose own answers are HTTPRouteFilters. */
export function routes(
  service: Service,
  gateway: GatewayReference,
  weights: PlacedWeights,
): readonly KubernetesObject[] {
  return shared.routes(service, gateway, weights, {
    rule: (_route, name) => name,
    answer: name => [
      { type: 'ExtensionRef', extensionRef: { group: 'gateway.envoyproxy.io', kind: 'HTTPRouteFilter', name } },
    ],
    // the rules of one route differ by their places
    named: revision => versionName(service.name, revision),
  });
}

/** What the gateway itself answers for the routes of the models. */
export function modelAnswers(service: Service): readonly KubernetesObject[] {
  return shared.modelAnswers(service).map(({ rule, status, body }) => ({
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'HTTPRouteFilter',
    metadata: {
      name: shared.answerName(service, rule),
      namespace: service.namespace,
      labels: serviceLabels(service.name),
    },
    spec: {
      directResponse: {
        contentType: 'application/json',
        statusCode: status,
        body: { type: 'Inline', inline: JSON.stringify(body) },
      },
    },
  }));
}
