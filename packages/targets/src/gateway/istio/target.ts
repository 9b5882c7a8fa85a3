import type { GatewayTarget } from '../target.ts';
import { readDisagreement, readListed } from './neighbours.ts';
import { readObsolete, render } from './objects.ts';
import { needed } from './permissions.ts';
import { unready } from './readiness.ts';
import { readDeparture } from './removal.ts';
import { health, serviceTraffic, versionTraffic } from './traffic.ts';

/** Istio as the gateway: its own proxies, or stock Envoy beside its agent. */
export const istioGateway: GatewayTarget = {
  name: 'Istio',
  controller: 'istio.io/gateway-controller',
  render,
  // Istio says nothing about its own objects: whether they hold, the probes prove
  reported: ({ routes, list }) => [...routes, ...list.filter(({ kind }) => kind === 'HTTPRoute')],
  needed,
  readObsolete,
  unready,
  readDisagreement,
  readListed,
  readDeparture,
  serviceTraffic,
  versionTraffic,
  health,
};
