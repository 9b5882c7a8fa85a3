import { modelNames } from '@fairway/service';
import type { Service } from '@fairway/service';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { ifAllowed } from '@fairway/clients/if-allowed';
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
    ...answerReference(service, rule),
    spec: {
      directResponse: {
        contentType: 'application/json',
        statusCode: status,
        body: { type: 'Inline', inline: JSON.stringify(body) },
      },
    },
  }));
}

function answerReference(service: Service, rule: string): KubernetesObject {
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'HTTPRouteFilter',
    metadata: {
      name: shared.answerName(service, rule),
      namespace: service.namespace,
      labels: serviceLabels(service.name),
    },
  };
}

/** What the gateway answered for adapters that the service had, the last before the others, so that a removal which stops halfway is found again. */
export async function obsoleteAnswers(cluster: Cluster, service: Service): Promise<readonly KubernetesObject[]> {
  const obsolete: KubernetesObject[] = [];
  for (let at = modelNames(service).length; ; at += 1) {
    const found = await ifAllowed(cluster.get(answerReference(service, shared.ruleOfModel(at))));
    if (!found) return obsolete;
    obsolete.unshift(found);
  }
}
