import type { Service } from '@fairway/service';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import type { Permission } from '@fairway/clients/kubernetes/permissions';

/** @param grantNamespaces namespaces that get a ReferenceGrant */
export function needed(service: Service, grantNamespaces: readonly string[]): readonly Permission[] {
  const change = ['get', 'create', 'patch', 'delete'] as const;
  return [
    ...permissions(change, 'gateway.networking.k8s.io', ['httproutes'], service.namespace),
    ...permissions(
      change,
      'gateway.envoyproxy.io',
      ['securitypolicies', 'backendtrafficpolicies', 'httproutefilters'],
      service.namespace,
    ),
    ...grantNamespaces.flatMap(namespace =>
      permissions(change, 'gateway.networking.k8s.io', ['referencegrants'], namespace),
    ),
  ];
}
