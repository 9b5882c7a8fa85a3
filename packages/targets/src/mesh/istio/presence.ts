import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';

interface Webhooks extends KubernetesObject {
  readonly webhooks?: readonly {
    readonly clientConfig: { readonly service?: { readonly namespace: string; readonly name: string } };
  }[];
}

interface EndpointSlice extends KubernetesObject {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[];
}

const kinds = [
  ['security.istio.io/v1', 'PeerAuthentication'],
  ['security.istio.io/v1', 'AuthorizationPolicy'],
  ['networking.istio.io/v1', 'Sidecar'],
] as const;

/**
 * Why pods of a service cannot become members of the mesh of a cluster, as a paragraph; undefined when they can.
 * @throws ToolError also where the login may not look
 */
export async function absence(cluster: Cluster, revision: string | undefined): Promise<Reason | undefined> {
  const { context } = cluster;
  const advice = reasonOf('istio.install');
  for (const [version, kind] of kinds)
    if (!(await cluster.serves(version, kind))) return reasonOf('istio.noKind', { context, kind, version, advice });
  const name = revision ?? 'default';
  const injectors = await cluster.list<Webhooks>(
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    undefined,
    { app: 'sidecar-injector', 'istio.io/rev': name },
  );
  if (injectors.length === 0) return reasonOf('istio.noInjector', { context, revision: name, advice });
  for (const { clientConfig } of injectors.flatMap(({ webhooks = [] }) => webhooks)) {
    const { service } = clientConfig;
    // one that is reached by an address runs elsewhere
    if (!service) return undefined;
    const slices = await cluster.list<EndpointSlice>('discovery.k8s.io/v1', 'EndpointSlice', service.namespace, {
      'kubernetes.io/service-name': service.name,
    });
    if (slices.some(({ endpoints = [] }) => endpoints.some(({ conditions }) => conditions?.ready))) return undefined;
  }
  return reasonOf('istio.notReady', { context, revision: name });
}
