import { permissions } from '@fairway/clients/kubernetes/permissions';
import type { Permission } from '@fairway/clients/kubernetes/permissions';
import { podProxyPermissions } from '@fairway/clients/kubernetes/pod-proxy';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { Service } from '@fairway/service';
import { replacesPods, sharesByPods } from '@fairway/service/release-pods';
import { holdPermissions } from '@fairway/targets/gateway/traffic-lease';
import { activatorPermissions } from '@fairway/targets/workload/activator';
import { claimPermissions } from '@fairway/targets/workload/claims';
import { drainPermissions } from '@fairway/targets/workload/drain';
import { pullTokenPermissions } from '@fairway/targets/workload/pull-token';
import { workloadPermissions } from '@fairway/targets/workload/presence';
import { scalerPermissions } from '@fairway/targets/workload/scaler';
import { isPrepared } from './objects.ts';

/** Where somebody else applies, looking suffices. */
export function reading(service: Service): readonly Permission[] {
  const { namespace, workload } = service;
  return [
    ...scalerPermissions(service),
    ...(service.scaling ? workloadPermissions(service, ['patch']) : []),
    ...permissions(['get'], '', ['namespaces'], namespace),
    ...permissions(['get'], '', ['services', ...(workload.serviceAccount ? [] : ['serviceaccounts'])], namespace),
    ...workloadPermissions(service, ['get', 'list', 'watch']),
    ...permissions(['list', 'watch'], '', ['pods', 'events'], namespace),
    ...permissions(['get'], '', ['pods/log'], namespace),
  ];
}

/** @param standing the namespace as it is; one that is as it has to be asks for no right beyond itself */
export function needed(service: Service, image: string, standing: KubernetesObject | undefined): readonly Permission[] {
  const { namespace } = service;
  return [
    ...(isPrepared(service, standing)
      ? []
      : standing && !standing.metadata.deletionTimestamp
        ? permissions(['patch'], '', ['namespaces'], namespace)
        : permissions(['create', 'patch'], '', ['namespaces'])),
    ...permissions(['get', 'create', 'patch', 'delete'], '', ['services', 'serviceaccounts', 'secrets'], namespace),
    ...workloadPermissions(service, ['get', 'list', 'watch', 'create', 'patch', 'delete']),
    ...permissions(['list', 'watch'], '', ['pods', 'events'], namespace),
    ...permissions(['list'], '', ['services'], namespace),
    ...(sharesByPods(service) ? [] : permissions(['get'], 'gateway.networking.k8s.io', ['httproutes'], namespace)),
    ...permissions(['list'], 'policy', ['poddisruptionbudgets'], namespace),
    ...permissions(['get'], '', ['pods/log'], namespace),
    ...holdPermissions(namespace),
    ...(replacesPods(service)
      ? [
          ...(sharesByPods(service)
            ? []
            : permissions(['patch'], 'gateway.networking.k8s.io', ['httproutes'], namespace)),
          ...drainPermissions(namespace),
        ]
      : []),
    ...(service.image.maxColdSeconds === undefined ? [] : podProxyPermissions(namespace)),
    ...(service.mesh
      ? [
          ...permissions(
            ['get', 'create', 'patch'],
            'security.istio.io',
            ['peerauthentications', 'authorizationpolicies'],
            namespace,
          ),
          ...permissions(['get', 'create', 'patch'], 'networking.istio.io', ['sidecars'], namespace),
        ]
      : []),
    ...claimPermissions(service),
    ...pullTokenPermissions(service, image),
    ...activatorPermissions(service),
    ...scalerPermissions(service, ['get', 'create', 'patch']),
    ...((service.scaling?.max ?? service.resources.replicas) > 1
      ? permissions(['get', 'create', 'patch', 'delete'], 'policy', ['poddisruptionbudgets'], namespace)
      : []),
  ];
}
