import type { Service } from '@fairway/service';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { Permission } from '@fairway/clients/kubernetes/permissions';
import { networkPolicyPermissions } from '../network-policy.ts';
import type { GatewayObjects } from '../target.ts';

/** What the login must be allowed to apply the objects of a service, and to take them back. */
export function needed(service: Service, { grants, version, patches, list }: GatewayObjects): readonly Permission[] {
  const change = ['get', 'create', 'patch', 'delete'] as const;
  return [
    ...permissions(change, 'gateway.networking.k8s.io', ['httproutes'], service.namespace),
    ...permissions(
      change,
      'gateway.envoyproxy.io',
      ['securitypolicies', 'backendtrafficpolicies', 'httproutefilters'],
      service.namespace,
    ),
    ...(version.length > 0
      ? [
          ...permissions(change, 'gateway.networking.k8s.io', ['backendtlspolicies'], service.namespace),
          ...permissions(change, 'networking.istio.io', ['sidecars'], service.namespace),
          ...permissions(change, '', ['configmaps', 'serviceaccounts'], service.namespace),
        ]
      : []),
    ...networkPolicyPermissions(service),
    ...namespacesOf(grants).flatMap(namespace =>
      permissions(change, 'gateway.networking.k8s.io', ['referencegrants'], namespace),
    ),
    ...namespacesOf(list).flatMap(namespace => [
      ...permissions(change, 'gateway.networking.k8s.io', ['httproutes'], namespace),
      ...permissions(
        change,
        'gateway.envoyproxy.io',
        ['securitypolicies', 'backendtrafficpolicies', 'envoyextensionpolicies', 'httproutefilters'],
        namespace,
      ),
    ]),
    ...namespacesOf(patches).flatMap(namespace =>
      permissions(change, 'gateway.envoyproxy.io', ['envoypatchpolicies'], namespace),
    ),
  ];
}

function namespacesOf(objects: readonly KubernetesObject[]): readonly string[] {
  return [...new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))];
}
