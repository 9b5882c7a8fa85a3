import type { Service } from '@fairway/service';
import type { MeshMembership } from './identity.ts';

/** Port of a pod at which its proxy takes requests, with mutual TLS. */
export function meshPort(service: Service): number {
  return service.serving.port === 8443 ? 8444 : 8443;
}

/** Where the agent of the proxy gives the metrics of the engine, in plain text: who scrapes has no certificate of the mesh. */
export const agentMetrics = { port: 15020, path: '/stats/prometheus' } as const;

/**
 * Labels by which Istio knows a pod: those of its injector, or the one by which the proxy of a node takes the pod's connections. That one stays
 * away from pods with a proxy of their own, which a namespace may give to all of its pods.
 */
export function injectionLabels({ interception, revision }: MeshMembership): Readonly<Record<string, string>> {
  if (interception === 'ambient')
    return {
      'istio.io/dataplane-mode': 'ambient',
      'sidecar.istio.io/inject': 'false',
      // one that stands before pods too would come with its own identity instead of the gateway's
      'istio.io/use-waypoint': 'none',
    };
  return { 'sidecar.istio.io/inject': 'true', ...(revision ? { 'istio.io/rev': revision } : {}) };
}

/** What the injector must know besides. */
export function injectionAnnotations({ interception }: MeshMembership): Readonly<Record<string, string>> {
  if (interception === 'ambient') return {};
  return {
    // it starts before the engine and ends after its last stream
    'sidecar.istio.io/nativeSidecar': 'true',
    // the agent looks for the engine on the loopback, not at the pod's address
    'proxy.istio.io/config': JSON.stringify({
      proxyMetadata: { REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION: 'true' },
    }),
    ...(interception === 'none' ? { 'sidecar.istio.io/interceptionMode': 'NONE' } : {}),
  };
}
