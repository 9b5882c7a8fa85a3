import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadStage } from '@fairway/cli/stages';
import { applyObjects, connectCluster, requirePermissions } from '@fairway/clients/kubernetes/index';
import { bringParts } from '../bring-parts.ts';
import { runCommand } from '@fairway/platform/command';
import { applyCustomResources } from '@fairway/platform/serving/custom-resources';
import { parseManifest } from '@fairway/platform/serving/manifests';
import { platformTemplate } from '@fairway/platform/serving/overlay';
import { loadService } from '@fairway/service';
import { renderStage } from '@fairway/stage';
import type { GivenInputs } from '@fairway/stage';
import { silentRuntime } from '@fairway/stage/testing/silent-runtime';
import { postGuard } from '@fairway/targets/workload/guard';
import { needed } from '../../actions/release/src/permissions.ts';
import { applyDefinitions, readyPods, startBareApiServer, tenant } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { condition, gatewayApi, programmedGateway, setStatus } from '../programmed-gateway.ts';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { serviceFolder } from '../service-folder.ts';
import { istioDefinitions, kedaDefinitions, prometheusOperatorDefinitions } from '../upstream-parts.ts';

jest.setTimeout(600_000);

const { signal } = new AbortController();
let root: string;
let parts: ReadonlyMap<string, string>;
let server: BareApiServer;
let issuer: ReturnType<typeof createServer>;
let given: GivenInputs;

/** A password of one letter would be hidden in every output that has the letter. */
const registryLogin = { 'registry-username': 'robot', 'registry-password': 'of-the-registry' };

beforeAll(async () => {
  parts = await bringParts(
    ['kubernetes', 'gateway-definitions'],
    [kedaDefinitions, prometheusOperatorDefinitions, istioDefinitions],
  );
  root = await mkdtemp(join(tmpdir(), 'fairway-tenant-'));
  await mkdir(join(root, 'server'));
  server = await startBareApiServer(parts.get('kubernetes')!, join(root, 'server'));
  const { cluster, kubeconfig } = server;
  for (const part of ['gateway-definitions', 'keda-definitions'])
    await applyCustomResources(cluster, parts.get(part)!, signal, () => undefined);
  const operator = await readFile(join(parts.get('prometheus-operator')!, 'bundle.yaml'), 'utf8');
  await applyDefinitions(
    cluster,
    parseManifest(operator, 'bundle.yaml').filter(({ kind }) => kind === 'CustomResourceDefinition'),
  );
  await programmedGateway(cluster, 'fairway-system');
  // what a platform team gives a team
  await applyObjects(cluster, await ofTemplate('tenant'));
  issuer = createServer((_request, response) =>
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 3600 })),
  ).listen(0, '127.0.0.1');
  await new Promise(resolve => issuer.once('listening', resolve));
  given = {
    image: `registry.example.com/team/assistant@sha256:${'ab'.repeat(32)}`,
    kubeconfig,
    context: tenant,
    gateway: 'fairway-system/public',
    issuer: 'https://login.example.com',
    audience: 'inference',
    'jwks-url': 'https://login.example.com/jwks',
    'waf-service': 'fairway-system/waf:9003',
    'gateway-url': 'http://127.0.0.1:9',
    'token-url': `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/token`,
    'client-id': 'fairway',
    'client-secret': 'secret',
    'probe-image': `registry.example.com/fairway/services@sha256:${'ab'.repeat(32)}`,
  };
});

afterAll(async () => {
  issuer?.close();
  await server?.stop();
  await rm(root, { recursive: true });
});

test('rights in one namespace that is there suffice for a delivery', async () => {
  const folder = await service('assistant', 'team-a', 'network: { from: gateway }\n');
  const login = await connectCluster({ kubeconfig: server.kubeconfig, context: tenant });
  const ready = readyPods(server.cluster, 'team-a');
  const deployed = await runLoadedStage('deploy', folder, { ...given, ...registryLogin });
  await ready.stop();
  expect(deployed.verdict).toBe('pass');
  // the namespace kube-system may not be read
  expect(deployed.outputs['cluster']).toBeUndefined();
  const revision = deployed.outputs['revision']!;

  // all objects were applied, and nobody here takes them
  const inFront = await runLoadedStage('mesh', folder, { ...given, revision });
  expect(inFront.reason).toMatch(
    /The gateway does not take the objects: .*the gateway controller has not looked at it/,
  );
  const { objects } = await renderStage(await loadStage.monitor(), { ...given, revision }, silentRuntime(folder));
  expect(objects.map(({ kind }) => kind)).toEqual(['PrometheusRule', 'ServiceMonitor', 'ConfigMap']);
  await applyObjects(login, objects);

  const described = await loadService(folder);
  await requirePermissions(login, needed(described, true));
  // a role can only be given by whoever has its rights
  const guarded = { service: described, holder: 'a', stable: revision, candidate: revision };
  await postGuard(login, guarded, 'registry.example.com/guard@sha256:ab', signal);
});

test('the rights of the mesh suffice for mutual TLS, and those of its gateway for Istio in front', async () => {
  const { cluster } = server;
  const crds = 'manifests/charts/base/files/crd-all.gen.yaml';
  const definitions = await readFile(join(parts.get('istio-definitions')!, crds), 'utf8');
  await applyDefinitions(cluster, parseManifest(definitions, crds));
  await applyObjects(cluster, [...(await ofTenant('mesh.yaml')), ...(await ofTenant('istio-gateway.yaml'))]);
  await gatewayOfMesh();
  await gatewayOfIstio();
  const roots = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'team-a', name: 'istio-ca-root-cert' } };
  await applyObjects(cluster, [{ ...roots, data: { 'root-cert.pem': 'of istiod' } }]);

  const folder = await service('meshed', 'team-a', 'mesh: { mtls: istio }\n');
  const meshed = {
    ...given,
    'gateway-principal': 'cluster.local/ns/fairway-system/sa/gateway',
  };
  const atEnvoy = { gateway: 'fairway-system/fairway' };
  const atIstio = {
    gateway: 'fairway-system/istio',
    issuer: 'https://login.example.com/realms/fairway',
    audience: 'fairway',
  };
  for (const front of [atEnvoy, atIstio]) {
    const ready = readyPods(cluster, 'team-a');
    const deployed = await runLoadedStage('deploy', folder, { ...meshed, ...registryLogin });
    await ready.stop();
    expect(deployed).toMatchObject({ verdict: 'pass' });
    const revision = deployed.outputs['revision']!;
    const { reason } = await runLoadedStage('mesh', folder, { ...meshed, ...front, revision });
    // all objects were applied, and nobody here takes them, so the version goes again
    expect(reason).toMatch(/The gateway does not take the objects: .*the gateway controller has not looked at it/);
  }
});

test('in another namespace nothing is changed, and what is missing is named', async () => {
  const { verdict, reason } = await runLoadedStage('deploy', await service('other', 'team-b'), given);
  expect(verdict).toBe('fail');
  expect(reason).toMatch(/the login may not get namespaces in namespace team-b.*Nothing was applied/);
});

function ofTenant(file: string) {
  return readFile(join(platformTemplate, 'tenant', file), 'utf8').then(text => parseManifest(text, file));
}

async function ofTemplate(folder: string) {
  const kubectl = join(parts.get('kubernetes')!, 'kubectl');
  return parseManifest(await runCommand(kubectl, ['kustomize', join(platformTemplate, folder)], { signal }), folder);
}

/** A gateway of Envoy Gateway with the certificate that the production overlay names. */
async function gatewayOfMesh(): Promise<void> {
  const file = 'overlays/production/mesh.yaml';
  const proxies = parseManifest(await readFile(join(platformTemplate, file), 'utf8'), file);
  const parametersRef = { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', name: 'fairway' };
  const listeners = [{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } }];
  const gateway = {
    apiVersion: gatewayApi,
    kind: 'Gateway',
    metadata: { namespace: 'fairway-system', name: 'fairway' },
    spec: { gatewayClassName: 'envoy', infrastructure: { parametersRef }, listeners },
  };
  await applyObjects(server.cluster, [...proxies, gateway]);
  await setStatus(server.cluster, gateway, { conditions: [condition('Programmed', 1)] });
}

/** The platform's gateway of Istio, which says that its controller has programmed it. */
async function gatewayOfIstio(): Promise<void> {
  const objects = await ofTemplate('parts/istio-gateway');
  const controllerName = 'istio.io/gateway-controller';
  await applyObjects(server.cluster, [
    { apiVersion: gatewayApi, kind: 'GatewayClass', metadata: { name: 'istio' }, spec: { controllerName } },
    ...objects,
  ]);
  const gateway = objects.find(({ kind }) => kind === 'Gateway')!;
  await setStatus(server.cluster, gateway, { conditions: [condition('Programmed', 1)] });
}

async function service(name: string, namespace: string, more = ''): Promise<string> {
  const folder = await serviceFolder(
    root,
    name,
    `namespace: ${namespace}
model: { name: ${name}, reference: 'hf://team/${name}@${'0'.repeat(40)}' }
resources: { replicas: 2 }
scaling: { max: 4, prometheus: 'http://prometheus.monitoring:9090' }
access: { hostname: ${name}.example.com }
${more}`,
  );
  return folder;
}
