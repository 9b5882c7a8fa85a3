import { sleeps } from '@fairway/service';
import type { Service } from '@fairway/service';
import { replacesPods, sharesByPods } from '@fairway/service/release-pods';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import type { Permission } from '@fairway/clients/kubernetes/permissions';
import { podProxyPermissions } from '@fairway/clients/kubernetes/pod-proxy';
import { holdPermissions } from '@fairway/targets/gateway/traffic-lease';
import { scalerPermissions } from '@fairway/targets/workload/scaler';
import { drainPermissions } from '@fairway/targets/workload/drain';
import { workloadPermissions } from '@fairway/targets/workload/presence';

/** @param guarded whether a guard may be put beside the release: a role can only be given by whoever has its rights */
export function needed(service: Service, guarded: boolean): readonly Permission[] {
  const { namespace } = service;
  const guard = guarded && service.release.brokenOff === 'back';
  return [
    ...(sharesByPods(service)
      ? [...permissions(['create'], '', ['services'], namespace), ...podProxyPermissions(namespace)]
      : permissions(['get', 'patch'], 'gateway.networking.k8s.io', ['httproutes'], namespace)),
    // where somebody else applies, versions go with their files and have no clock
    ...(service.apply
      ? [
          ...workloadPermissions(service, ['get', 'list', 'watch', 'patch']),
          ...permissions(['get', 'list', 'patch'], '', ['services'], namespace),
        ]
      : [
          ...workloadPermissions(service, ['get', 'list', 'watch', 'patch', 'delete']),
          ...permissions(['get', 'list', 'patch', 'delete'], '', ['services'], namespace),
          ...permissions(['get', 'list', 'patch', 'delete'], 'policy', ['poddisruptionbudgets'], namespace),
        ]),
    ...holdPermissions(namespace),
    ...scalerPermissions(service),
    ...(guard || !service.apply ? permissions(['get', 'create', 'patch', 'delete'], 'batch', ['jobs'], namespace) : []),
    ...(guard
      ? [
          ...permissions(['get', 'create', 'patch', 'delete'], '', ['serviceaccounts'], namespace),
          ...permissions(
            ['get', 'create', 'patch', 'delete'],
            'rbac.authorization.k8s.io',
            ['roles', 'rolebindings'],
            namespace,
          ),
        ]
      : []),
    ...(guard || replacesPods(service) ? drainPermissions(namespace) : []),
    ...(guard || replacesPods(service) || sleeps(service)
      ? [
          ...permissions(['list', 'watch'], '', ['pods', 'events'], namespace),
          ...permissions(['get'], '', ['pods/log'], namespace),
        ]
      : []),
  ];
}
