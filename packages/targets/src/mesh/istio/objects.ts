import type { Service } from '@fairway/service';
import { revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { operationPaths } from '../../gateway/operations.ts';
import { connectionPool } from '../../engine-connections.ts';
import type { MeshMembership } from './identity.ts';
import { meshPort } from './pods.ts';

/**
 * What makes the pods of one version members of the mesh that only the gateway reaches. They belong to the version, so that one of
 * before the mesh, or of another port, can serve beside it.
 */
export function versionMeshObjects(
  service: Service,
  revision: string,
  membership: MeshMembership,
): readonly KubernetesObject[] {
  const { gateway, interception } = membership;
  const labels = revisionLabels(service.name, revision);
  const metadata = { name: versionName(service.name, revision), namespace: service.namespace, labels };
  const authentication = {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata,
    spec: { selector: { matchLabels: labels }, mtls: { mode: 'STRICT' } },
  };
  if (interception === 'ambient') return [authentication, byConnection(service, metadata, membership)];
  const captureMode = interception === 'none' ? 'NONE' : 'DEFAULT';
  return [
    authentication,
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata,
      spec: {
        selector: { matchLabels: labels },
        // everybody else in the mesh has a good certificate too
        action: 'ALLOW',
        rules: [
          {
            from: [{ source: { principals: [gateway] } }],
            to: [{ operation: { methods: ['GET', 'POST'], paths: [...new Set(Object.values(operationPaths))] } }],
          },
        ],
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata,
      spec: {
        workloadSelector: { labels },
        // the protocol is named, because guessing it needs a filter that only Istio's own Envoy has
        ingress: [
          {
            port: { number: meshPort(service), protocol: 'HTTP', name: 'http' },
            defaultEndpoint: `127.0.0.1:${service.serving.port}`,
            captureMode,
            connectionPool: connectionPool(service),
          },
        ],
        // a model calls nobody in the cluster
        egress: [{ hosts: ['~/*'], captureMode }],
      },
    },
  ];
}

/**
 * The proxy of a node sees connections and no requests: a rule about methods or paths would close the port to everybody, the gateway too.
 * Source: https://istio.io/latest/docs/ambient/usage/l4-policy/
 */
function byConnection(
  { serving }: Service,
  metadata: KubernetesObject['metadata'],
  { gateway, metrics }: MeshMembership,
): KubernetesObject {
  const principals = [gateway, ...(metrics ? [metrics] : [])];
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata,
    spec: {
      selector: { matchLabels: metadata.labels },
      action: 'ALLOW',
      rules: [{ from: [{ source: { principals } }], to: [{ operation: { ports: [String(serving.port)] } }] }],
    },
  };
}
