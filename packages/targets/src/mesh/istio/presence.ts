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

const advice =
  'On the local platform run fairway platform up --with mesh. Elsewhere install Istio, name its revision by the input istio-revision, or take mesh out of fairway.yaml.';

/**
 * Why pods of a service cannot become members of the mesh of a cluster, as a paragraph; undefined when they can.
 * @throws ToolError also where the login may not look
 */
export async function absence(cluster: Cluster, revision: string | undefined): Promise<string | undefined> {
  for (const [apiVersion, kind] of kinds)
    if (!(await cluster.serves(apiVersion, kind)))
      return `fairway.yaml asks for mutual TLS by Istio, and the cluster of the context "${cluster.context}" does not serve ${kind} (${apiVersion}). ${advice}`;
  const name = revision ?? 'default';
  const injectors = await cluster.list<Webhooks>(
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    undefined,
    { app: 'sidecar-injector', 'istio.io/rev': name },
  );
  if (injectors.length === 0)
    return `fairway.yaml asks for mutual TLS by Istio, and no control plane of the revision ${name} in the context "${cluster.context}" gives pods their proxy: there is no MutatingWebhookConfiguration with app=sidecar-injector and istio.io/rev=${name}. ${advice}`;
  for (const { clientConfig } of injectors.flatMap(({ webhooks = [] }) => webhooks)) {
    const { service } = clientConfig;
    // one that is reached by an address runs elsewhere
    if (!service) return undefined;
    const slices = await cluster.list<EndpointSlice>('discovery.k8s.io/v1', 'EndpointSlice', service.namespace, {
      'kubernetes.io/service-name': service.name,
    });
    if (slices.some(({ endpoints = [] }) => endpoints.some(({ conditions }) => conditions?.ready))) return undefined;
  }
  return `fairway.yaml asks for mutual TLS by Istio, and the control plane of the revision ${name} in the context "${cluster.context}" has no ready pod, so no new pod could start. Look at istiod (kubectl -n istio-system get pods), and deliver again when it is ready.`;
}
