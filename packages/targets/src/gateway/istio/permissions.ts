import type { Service } from '@fairway/service';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import type { Permission } from '@fairway/clients/kubernetes/permissions';
import { networkPolicyPermissions } from '../network-policy.ts';
import type { GatewayObjects } from '../target.ts';

/** See `GatewayTarget`. */
export function needed(service: Service, { patches, list }: GatewayObjects): readonly Permission[] {
  const change = ['get', 'create', 'patch', 'delete'] as const;
  const beside = patches[0]?.metadata.namespace ?? '';
  return [
    ...permissions(change, 'gateway.networking.k8s.io', ['httproutes'], service.namespace),
    ...permissions(change, '', ['services'], service.namespace),
    ...permissions(change, 'networking.istio.io', ['destinationrules'], service.namespace),
    ...permissions(
      ['get', 'list', 'create', 'patch', 'delete'],
      'security.istio.io',
      ['authorizationpolicies'],
      beside,
    ),
    ...permissions(['get', 'list', 'create', 'patch', 'delete'], 'networking.istio.io', ['envoyfilters'], beside),
    ...permissions(['list'], 'security.istio.io', ['requestauthentications'], beside),
    ...(list.length > 0 ? permissions(change, 'gateway.networking.k8s.io', ['httproutes'], beside) : []),
    ...(service.mesh
      ? [
          ...permissions(change, 'networking.istio.io', ['sidecars'], service.namespace),
          ...permissions(change, '', ['configmaps', 'serviceaccounts'], service.namespace),
        ]
      : []),
    ...networkPolicyPermissions(service),
  ];
}
