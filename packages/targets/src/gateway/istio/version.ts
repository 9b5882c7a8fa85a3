import type { Service } from '@fairway/service';
import { managedLabels, revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { connectionPool } from '../../engine-connections.ts';
import { answeringLabels } from '../../workload/objects.ts';
import type { GatewayReference } from '../access.ts';
import { namedService } from './names.ts';

/**
 * The pods of the candidate once more, for requests that name it: Istio counts by Service, so those of tests have one and users' another.
 * It has none of the labels by which Prometheus finds pods, which would find them twice.
 */
export function namedVersion(service: Service, revision: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: namedService(service.name, revision), namespace: service.namespace, labels: managedLabels },
    spec: {
      selector: answeringLabels(service, revisionLabels(service.name, revision)),
      ports: [{ name: 'http', port: service.serving.port, targetPort: 'http', protocol: 'TCP' }],
    },
  };
}

/** Keeps connections to a version for as long as engines keep them, for both of its Services. */
export function connectionsOf(service: Service, revision: string): readonly KubernetesObject[] {
  const { name, namespace } = service;
  return [versionName(name, revision), namedService(name, revision)].map(host => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: host, namespace, labels: managedLabels },
    spec: { host, trafficPolicy: { connectionPool: connectionPool(service) } },
  }));
}

/** Selectors of the pods of a gateway. */
export function proxiesOf({ namespace, name }: GatewayReference): object {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': name } },
  };
}
