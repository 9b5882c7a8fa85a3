import { applyObjects, connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { ServingContext } from '../serving-context.ts';
import { renderOverlay } from '../serving/overlay.ts';
import type { Image } from '../serving/images.ts';
import { deploymentReady } from '../serving/readiness.ts';
import { until } from '../serving/until.ts';

const namespace = 'fairway-system';
const name = 'istio';
/** istiod calls what it makes of a Gateway by its name and its class. */
const made = 'istio-istio';
const limits = 'rate-limit';

/** The second gateway, and the identity of its proxies in the mesh. */
export const istioGateway = {
  reference: `${namespace}/${name}`,
  principal: `cluster.local/ns/${namespace}/sa/${made}`,
} as const;

/**
 * Puts a gateway of Istio beside the other one, with the same filters. Returns when its proxy is ready.
 * @throws ToolError that says why it is not
 */
export async function installIstioGateway(
  context: ServingContext,
  { nodePort }: { readonly nodePort: number },
  rateLimit: Image,
): Promise<void> {
  const { signal, progress, issuerUrl, audience, issuerAddress } = context;
  const cluster = await connectCluster({ kubeconfig: context.kubeconfig, context: context.context, signal });
  const rule = '/spec/jwtRules/0';
  const keys = `http://issuer.${namespace}.svc.cluster.local:${issuerAddress.port}/jwks`;
  const token = { kind: 'RequestAuthentication', name: 'fairway' };
  const objects = await renderOverlay(
    context.part('kubernetes'),
    {
      of: 'overlays/laptop/istio-gateway',
      images: new Map([['docker.io/envoyproxy/ratelimit', rateLimit.reference]]),
      changes: [
        { ...token, path: `${rule}/issuer`, value: issuerUrl },
        { ...token, path: `${rule}/audiences/0`, value: audience },
        { ...token, path: `${rule}/jwksUri`, value: keys },
        {
          kind: 'ConfigMap',
          name: 'istio-gateway',
          path: '/data/service',
          value: JSON.stringify({ spec: { ports: [{ name: 'http', port: 80, protocol: 'TCP', nodePort }] } }),
        },
      ],
    },
    signal,
  );
  await applyObjects(cluster, objects, { force: true });
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name: made } };
  await until(
    "istiod to make the gateway's Deployment",
    60_000,
    signal,
    async () => (await cluster.get(deployment)) !== undefined || 'it has not',
  );
  await deploymentReady(cluster, namespace, made, { 'gateway.networking.k8s.io/gateway-name': name }, signal);
  await deploymentReady(cluster, namespace, limits, { 'app.kubernetes.io/name': limits }, signal);
  progress("gateway: Istio's is ready");
}

/** What istiod made of the Gateway goes with it. Services at it are not reached any more. */
export async function removeIstioGateway(cluster: Cluster): Promise<void> {
  const objects: readonly (readonly [string, string, KubernetesObject['metadata']])[] = [
    ['gateway.networking.k8s.io/v1', 'Gateway', { namespace, name }],
    ['v1', 'ConfigMap', { namespace, name: 'istio-gateway' }],
    ['apps/v1', 'Deployment', { namespace, name: limits }],
    ['v1', 'Service', { namespace, name: limits }],
    ['v1', 'ConfigMap', { namespace, name: limits }],
    ['networking.k8s.io/v1', 'NetworkPolicy', { namespace, name: limits }],
    ['networking.istio.io/v1alpha3', 'EnvoyFilter', { namespace, name: 'fairway' }],
    ['security.istio.io/v1', 'RequestAuthentication', { namespace, name: 'fairway' }],
    ['security.istio.io/v1', 'AuthorizationPolicy', { namespace, name: 'closed' }],
    ['telemetry.istio.io/v1', 'Telemetry', { namespace, name: 'fairway' }],
    ['gateway.networking.k8s.io/v1', 'GatewayClass', { name: 'istio' }],
    ['gateway.networking.k8s.io/v1', 'GatewayClass', { name: 'istio-remote' }],
    ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', { name: 'fairway-istiod-gateways' }],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole', { name: 'fairway-istiod-gateways' }],
  ];
  for (const [apiVersion, kind, metadata] of objects) await cluster.remove({ apiVersion, kind, metadata });
}
