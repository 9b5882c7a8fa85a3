import { usePermission } from '@backstage/plugin-permission-react';
import { serviceResourceRef } from '@fairway/backstage-plugin-fairway-common';
import type { fairwayServicePermissions, ServiceResource } from '@fairway/backstage-plugin-fairway-common';

/** Whether the reader may do something with this service. */
export function useServicePermission(
  permission: (typeof fairwayServicePermissions)[number],
  { namespace, service, owner }: ServiceResource,
): { readonly allowed: boolean; readonly loading: boolean } {
  return usePermission({ permission, resourceRef: serviceResourceRef({ namespace, service, owner }) });
}
