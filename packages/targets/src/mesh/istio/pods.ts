import type { Service } from '@fairway/service';
import type { MeshMembership } from './identity.ts';

/** Port of a pod at which its proxy takes requests, with mutual TLS. */
export function meshPort(service: Service): number {
  return service.serving.port === 8443 ? 8444 : 8443;
}

/** Where the agent of the proxy gives the metrics of the engine, in plain text: who scrapes has no certificate of the mesh. */
export const agentMetrics = { port: 15020, path: '/stats/prometheus' } as const;

/** Labels by which the injector of Istio knows a pod. */
export function injectionLabels({ revision }: MeshMembership): Readonly<Record<string, string>> {
  return { 'sidecar.istio.io/inject': 'true', ...(revision ? { 'istio.io/rev': revision } : {}) };
}

/** What the injector must know besides. */
export function injectionAnnotations({ interception }: MeshMembership): Readonly<Record<string, string>> {
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
