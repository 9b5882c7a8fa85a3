import { sleeps } from '@fairway/service';
import type { Service } from '@fairway/service';
import { serviceLabels } from '@fairway/clients/kubernetes/names';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import type { Permission } from '@fairway/clients/kubernetes/permissions';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { activatorLabels, statusPort } from '../workload/activator.ts';

const nameLabel = 'app.kubernetes.io/name';

/** One for all versions, since labels of a service are those of each of them. Versions in a mesh have one more each. */
export function policyReference({ name, namespace }: Pick<Service, 'name' | 'namespace'>): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `${name}-only-gateway`, namespace },
  };
}

/**
 * Whoever is not a pod of the gateway, nor one that the service names, gets no connection to its pods. What an engine itself connects to is left
 * open: some download their model.
 * @param proxies selectors of the gateway's pods
 */
export function networkPolicy(service: Service, proxies: object): readonly KubernetesObject[] {
  const { network, serving, workload } = service;
  if (!network) return [];
  const labels = serviceLabels(service.name);
  const reference = policyReference(service);
  const asleep = sleeps(service);
  return [
    {
      ...reference,
      metadata: { ...reference.metadata, labels },
      spec: {
        // those that hold requests too, since who reaches them reaches the engine
        podSelector: { matchLabels: asleep ? { [nameLabel]: service.name } : labels },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [
              proxies,
              ...(asleep ? [{ podSelector: { matchLabels: activatorLabels(service.name) } }] : []),
              ...network.namespaces.map(name => ({
                namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
              })),
              ...network.addresses.map(cidr => ({ ipBlock: { cidr } })),
            ],
            ports: [{ protocol: 'TCP', port: serving.port }],
          },
          // how many wait, which KEDA asks wherever it runs
          ...(asleep ? [{ ports: [{ protocol: 'TCP', port: statusPort }] }] : []),
          // the nodes that share a model
          ...(workload.kind === 'LeaderWorkerSet' ? [{ from: [{ podSelector: { matchLabels: labels } }] }] : []),
        ],
      },
    },
  ];
}

/** What the login must be allowed to apply it, and to have a pod try whether it holds. */
export function networkPolicyPermissions({ mesh, network, namespace }: Service): readonly Permission[] {
  if (!mesh && !network) return [];
  const change = ['get', 'create', 'patch', 'delete'] as const;
  return [
    ...permissions(change, 'networking.k8s.io', ['networkpolicies'], namespace),
    ...permissions(change, '', ['pods'], namespace),
    ...permissions(['get'], '', ['pods/log'], namespace),
  ];
}
