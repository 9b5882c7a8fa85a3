import type { Service } from '@fairway/service';
import { serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { ServiceReference } from './access.ts';

/** Lets the policies of the service's namespace name a Service of another one. */
export function referenceGrant(service: Service, target: ServiceReference): KubernetesObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    metadata: {
      name: `fairway-${service.namespace}-${target.name}`,
      namespace: target.namespace,
      labels: serviceLabels(service.name),
    },
    spec: {
      from: [{ group: 'gateway.envoyproxy.io', kind: 'SecurityPolicy', namespace: service.namespace }],
      to: [{ group: '', kind: 'Service', name: target.name }],
    },
  };
}
