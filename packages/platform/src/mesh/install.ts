import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyObjects, connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { ServingContext } from '../serving-context.ts';
import { applyCustomResources } from '../serving/custom-resources.ts';
import { parseManifest, withImages } from '../serving/manifests.ts';
import { renderOverlay } from '../serving/overlay.ts';
import { deploymentReady, gatewayProgrammed } from '../serving/readiness.ts';
import { until } from '../serving/until.ts';
import { installIstioGateway, removeIstioGateway } from './gateway.ts';
import { meshImages } from './images.ts';

const controlPlane = 'istio-system';
const shared = 'fairway-system';
const gateway = 'fairway';
const secret = 'gateway-identity';

/** Identity of the gateway in the mesh: of the pod whose certificate it has. */
export const gatewayPrincipal = `cluster.local/ns/${shared}/sa/gateway`;

/**
 * Puts Istio into a cluster whose gateway is programmed, and gives the gateway a certificate of the mesh. Returns when it has one.
 * @param gateways whether it shall be the control plane of a gateway too
 * @throws ToolError that says which piece did not get ready and why
 */
export async function installMesh(
  context: ServingContext,
  { gateways }: { readonly gateways: { readonly nodePort: number } | undefined },
): Promise<void> {
  const { signal, progress } = context;
  const connect = () => connectCluster({ kubeconfig: context.kubeconfig, context: context.context, signal });
  const cluster = await connect();
  const images = await meshImages(context);
  const read = async (file: string) => {
    const text = await readFile(join(import.meta.dirname, 'manifests', file), 'utf8');
    return parseManifest(withImages(text, file, images), file);
  };
  // loading images keeps the disk busy: one after the other
  for (const image of Object.values(images)) await image.bring();
  await applyCustomResources(cluster, context.part('istiod'), signal, progress);
  // the control plane reads what is injected when it starts
  const controller = withGateways(await read('istiod.yaml'), gateways !== undefined);
  const objects = withConfiguration([
    ...controller,
    ...(gateways ? await read('gateways.yaml') : []),
    ...(await read('injector.yaml')),
  ]);
  await applyObjects(await connect(), objects, { force: true });
  await deploymentReady(cluster, controlPlane, 'istiod', { app: 'istiod' }, signal);
  progress('mesh: Istio is ready');
  if (gateways) await installIstioGateway(context, gateways, images.ratelimit);
  else await removeIstioGateway(cluster);
  // a new connection: the other one may remember that the cluster does not serve these kinds
  await applyObjects(await connect(), await identity(context, images.services.reference), { force: true });
  await deploymentReady(cluster, shared, 'mesh-identity', { 'app.kubernetes.io/name': 'mesh-identity' }, signal);
  await until("the gateway's certificate", 60_000, signal, async () => {
    const found = await cluster.get({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: shared, name: secret },
    });
    return found !== undefined || 'there is no Secret yet';
  });
  await applyObjects(cluster, [clientCertificate({ name: secret })], { fieldManager });
  await gatewayProgrammed(cluster, shared, gateway, signal);
  progress('mesh: the gateway has a certificate');
}

/** The pod that has the gateway's certificate, and what it may do: the same as in production. */
function identity({ part, signal }: ServingContext, image: string): Promise<readonly KubernetesObject[]> {
  const images = new Map([['fairway.invalid/services', image]]);
  return renderOverlay(part('kubernetes'), { of: 'parts/mesh-identity', images }, signal);
}

/** Whether the control plane serves Gateways of its class: the switches are in its environment. */
function withGateways(objects: readonly KubernetesObject[], serves: boolean): readonly KubernetesObject[] {
  if (!serves) return objects;
  const text = JSON.stringify(objects);
  return JSON.parse(
    text.replace(/("name":"PILOT_ENABLE_GATEWAY_API[A-Z_]*","value":)"false"/g, '$1"true"'),
  ) as readonly KubernetesObject[];
}

/** Names the configuration in the pods of the deployments beside it, so that they are made anew when it changes. */
function withConfiguration(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const configurations = objects.filter(({ kind }) => kind === 'ConfigMap');
  const digest = createHash('sha256').update(JSON.stringify(configurations)).digest('hex').slice(0, 12);
  return objects.map(object => {
    if (object.kind !== 'Deployment') return object;
    const spec = object.spec as { readonly template: { readonly metadata: { readonly annotations?: object } } };
    const { template } = spec;
    const annotations = { ...template.metadata.annotations, 'fairway.dev/configuration': digest };
    return { ...object, spec: { ...spec, template: { ...template, metadata: { ...template.metadata, annotations } } } };
  });
}

/** The platform's own manifest of the gateway does not name these fields, so this manager alone gives them and takes them away. */
const fieldManager = 'fairway-mesh';

function clientCertificate(reference: { readonly name: string } | undefined): KubernetesObject {
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'EnvoyProxy',
    metadata: { namespace: shared, name: gateway },
    spec: reference ? { backendTLS: { clientCertificateRef: reference, alpnProtocols: ['http/1.1'] } } : {},
  };
}

const clusterWide = [
  ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'istio-sidecar-injector'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'fairway-istiod'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'fairway-istiod'],
  ['v1', 'Namespace', controlPlane],
] as const;

/**
 * Takes the mesh out of a cluster; does nothing where there is none. Versions of services that were in it are not reached any more:
 * they have to be delivered anew without it.
 */
export async function removeMesh(context: Pick<ServingContext, 'kubeconfig' | 'context' | 'signal'>): Promise<void> {
  const cluster = await connectCluster(context);
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: controlPlane } };
  if (!(await cluster.get(namespace))) return;
  // first: a gateway that names a Secret which is gone is not programmed any more
  await applyObjects(cluster, [clientCertificate(undefined)], { fieldManager });
  await removeIdentity(cluster);
  await removeIstioGateway(cluster);
  for (const [apiVersion, kind, name] of clusterWide) await cluster.remove({ apiVersion, kind, metadata: { name } });
}

async function removeIdentity(cluster: Cluster): Promise<void> {
  for (const [apiVersion, kind, name] of [
    ['apps/v1', 'Deployment', 'mesh-identity'],
    ['networking.istio.io/v1', 'Sidecar', 'mesh-identity'],
    ['rbac.authorization.k8s.io/v1', 'RoleBinding', 'mesh-identity'],
    ['rbac.authorization.k8s.io/v1', 'Role', 'mesh-identity'],
    ['v1', 'ServiceAccount', 'gateway'],
    ['v1', 'Secret', secret],
  ] as const)
    await cluster.remove({ apiVersion, kind, metadata: { namespace: shared, name } });
}
