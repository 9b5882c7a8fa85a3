import type { Service } from '@fairway/service';
import { revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { agentMetrics, meshPort } from './pods.ts';

/** Where every istiod gives certificates and configuration; its Service has the same number. */
const istiodPort = 15012;

/**
 * The second line: whoever is not a pod of the gateway gets no connection to one version, whatever it can prove, except to its metrics.
 * An engine starts none but to the mesh and to the cluster's names.
 * @param proxies selectors of the gateway's pods
 */
export function fromGatewayOnly(service: Service, revision: string, proxies: object): KubernetesObject {
  const labels = revisionLabels(service.name, revision);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: versionName(service.name, revision), namespace: service.namespace, labels },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [proxies], ports: [{ protocol: 'TCP', port: meshPort(service) }] },
        { ports: [{ protocol: 'TCP', port: agentMetrics.port }] },
      ],
      egress: [
        { ports: [{ protocol: 'TCP', port: istiodPort }] },
        { ports: [53, 5353].flatMap(port => ['UDP', 'TCP'].map(protocol => ({ protocol, port }))) },
      ],
    },
  };
}
