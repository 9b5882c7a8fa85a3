import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { ServiceReference } from '../access.ts';

/** Lets the policies of one namespace name a Service of another one. */
export function referenceGrant(from: string, target: ServiceReference): KubernetesObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    metadata: {
      name: `fairway-${from}-${target.name}`,
      namespace: target.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'fairway' },
    },
    spec: {
      from: [{ group: 'gateway.envoyproxy.io', kind: 'SecurityPolicy', namespace: from }],
      to: [{ group: '', kind: 'Service', name: target.name }],
    },
  };
}
