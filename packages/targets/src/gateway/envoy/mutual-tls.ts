import type { Service } from '@fairway/service';
import { revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { GatewayReference } from '../access.ts';
import type { MutualTls } from '../target.ts';

/**
 * How the gateway's Envoy connects to one version: only to a peer that proves the name of the service. Its own certificate is that
 * of the EnvoyProxy (`backendTLS.clientCertificateRef`), so requests go to endpoints and weights as without a mesh.
 */
export function towardsVersion(
  service: Service,
  revision: string,
  { name, roots }: MutualTls,
): readonly KubernetesObject[] {
  const version = versionName(service.name, revision);
  const metadata = { name: version, namespace: service.namespace, labels: revisionLabels(service.name, revision) };
  const authority = { ...metadata, name: `${version}-mesh` };
  return [
    // a policy reads them under this key only, and the mesh has another one
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: authority, data: { 'ca.crt': roots } },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'BackendTLSPolicy',
      metadata,
      spec: {
        targetRefs: [{ group: '', kind: 'Service', name: version }],
        validation: {
          hostname: `${version}.${service.namespace}.svc.cluster.local`,
          // once there are names, they take the place of the host name in what the peer must prove
          subjectAltNames: [{ type: 'URI', uri: name }],
          caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: authority.name }],
        },
      },
    },
  ];
}

/** Selectors of the pods of a gateway. */
export function proxiesOf(gateway: GatewayReference): object {
  const owner = 'gateway.envoyproxy.io/owning-gateway';
  return {
    namespaceSelector: {},
    podSelector: { matchLabels: { [`${owner}-name`]: gateway.name, [`${owner}-namespace`]: gateway.namespace } },
  };
}
