import type { Service } from '@fairway/service';
import { revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { MeshMembership } from './identity.ts';
import { fetchesFiles } from '../../workload/puller.ts';
import { agentMetrics, meshPort } from './pods.ts';

/** Where every istiod gives certificates and configuration; its Service has the same number. */
const istiodPort = 15012;

/** Where the connections of a mesh without sidecars arrive, whatever port they are for. */
export const tunnelPort = 15008;

/** Address from which the plugin of the mesh lets the kubelet probe pods: https://istio.io/latest/docs/ambient/usage/networkpolicy/ */
const probes = '169.254.7.127/32';

/**
 * The second line: whoever is not a pod of the gateway gets no connection to one version, whatever it can prove, except to its metrics.
 * An engine starts none but to the mesh and to the cluster's names, unless its pods fetch files: from where is not known by address, and a pod that comes
 * later, on another node, needs them as the first one did.
 * @param proxies selectors of the gateway's pods
 */
export function fromGatewayOnly(
  service: Service,
  revision: string,
  proxies: object,
  ambient?: MeshMembership,
): KubernetesObject {
  const labels = revisionLabels(service.name, revision);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: versionName(service.name, revision), namespace: service.namespace, labels },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: fetchesFiles(service) ? ['Ingress'] : ['Ingress', 'Egress'],
      ingress: ambient
        ? throughTunnel(service, proxies, ambient)
        : [
            { from: [proxies], ports: [{ protocol: 'TCP', port: meshPort(service) }] },
            { ports: [{ protocol: 'TCP', port: agentMetrics.port }] },
          ],
      ...(fetchesFiles(service) ? {} : { egress: toMesh(ambient) }),
    },
  };
}

function toMesh(ambient: MeshMembership | undefined): readonly object[] {
  return [
    ...(ambient ? [] : [{ ports: [{ protocol: 'TCP', port: istiodPort }] }]),
    { ports: [53, 5353].flatMap(port => ['UDP', 'TCP'].map(protocol => ({ protocol, port }))) },
  ];
}

/** The tunnel names no port, so it lets in by pods alone; what they may reach, the policy of the mesh says. */
function throughTunnel({ serving }: Service, proxies: object, { metrics }: MeshMembership): readonly object[] {
  const namespace = metrics?.split('/')[2];
  const readers = namespace
    ? [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }]
    : [];
  return [
    { from: [proxies, ...readers], ports: [{ protocol: 'TCP', port: tunnelPort }] },
    { from: [{ ipBlock: { cidr: probes } }], ports: [{ protocol: 'TCP', port: serving.port }] },
  ];
}
