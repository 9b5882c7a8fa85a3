import type { GatewayTarget } from '../target.ts';
import { clientCertificateProblem } from './client-certificate.ts';
import { readDisagreement } from './entry-agreement.ts';
import { gatewayHealth } from './gateway-health.ts';
import { readObsolete, render } from './objects.ts';
import { needed } from './permissions.ts';
import { readDeparture } from './removal.ts';
import { serviceTraffic } from './service-traffic.ts';
import { readListed } from './shared-list.ts';
import { versionTraffic } from './version-traffic.ts';
import { usesOwnProxies } from '../../mesh/istio/identity.ts';

/** Envoy Gateway. */
export const envoyGateway: GatewayTarget = {
  name: 'Envoy Gateway',
  controller: 'gateway.envoyproxy.io/gatewayclass-controller',
  render,
  reported: ({ version, policies, routes, patches, list }) => [
    ...version.filter(({ kind }) => kind === 'BackendTLSPolicy'),
    ...policies.filter(({ kind }) => kind !== 'NetworkPolicy'),
    ...routes,
    ...patches,
    ...list.filter(({ kind }) => kind !== 'HTTPRouteFilter' && kind !== 'ReferenceGrant'),
  ],
  needed,
  readObsolete,
  unready: async (cluster, _service, gateway, _access, mesh) =>
    usesOwnProxies(mesh) ? clientCertificateProblem(cluster, gateway) : undefined,
  readDisagreement,
  readListed,
  readDeparture,
  serviceTraffic,
  versionTraffic,
  health: gatewayHealth,
};
