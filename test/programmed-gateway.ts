import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';

export const gatewayApi = 'gateway.networking.k8s.io/v1';

/** A Gateway of Envoy Gateway's class named `public`, which says that its controller has programmed it. */
export async function programmedGateway(cluster: Cluster, namespace: string): Promise<void> {
  const gateway = {
    apiVersion: gatewayApi,
    kind: 'Gateway',
    metadata: { namespace, name: 'public' },
    spec: {
      gatewayClassName: 'envoy',
      listeners: [{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } }],
    },
  };
  await applyObjects(cluster, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: gatewayApi,
      kind: 'GatewayClass',
      metadata: { name: 'envoy' },
      spec: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
    },
    gateway,
  ]);
  await setStatus(cluster, gateway, { conditions: [condition('Programmed', 1)] });
}

/** A condition that holds. */
export function condition(type: string, observedGeneration: number | undefined) {
  const lastTransitionTime = new Date().toISOString();
  return { type, status: 'True', reason: type, message: '', lastTransitionTime, observedGeneration };
}

/** What a controller says of an object. */
export async function setStatus(cluster: Cluster, object: KubernetesObject, status: object): Promise<void> {
  await cluster.request('PATCH', `${await cluster.path(object)}/status`, {
    query: { fieldManager: 'status' },
    body: { status },
    contentType: 'application/merge-patch+json',
  });
}
