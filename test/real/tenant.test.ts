import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadStage } from '@fairway/cli/stages';
import { applyObjects, connectCluster, requirePermissions } from '@fairway/clients/kubernetes/index';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { runCommand } from '@fairway/platform/command';
import { machineParts } from '@fairway/platform/machine-parts';
import { applyCustomResources } from '@fairway/platform/serving/custom-resources';
import { parseManifest } from '@fairway/platform/serving/manifests';
import { platformTemplate } from '@fairway/platform/serving/overlay';
import { servingParts } from '@fairway/platform/serving/parts';
import { loadService } from '@fairway/service';
import { renderStage } from '@fairway/stage';
import type { GivenInputs } from '@fairway/stage';
import { silentRuntime } from '@fairway/stage/testing/silent-runtime';
import { postGuard } from '@fairway/targets/workload/guard';
import { needed } from '../../actions/release/src/permissions.ts';
import { applyDefinitions, readyPods, startBareApiServer, tenant } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { programmedGateway } from '../programmed-gateway.ts';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { kedaDefinitions, prometheusOperatorDefinitions } from '../upstream-parts.ts';

jest.setTimeout(600_000);

const { signal } = new AbortController();
let root: string;
let server: BareApiServer;
let issuer: ReturnType<typeof createServer>;
let given: GivenInputs;

beforeAll(async () => {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'fairway/parts');
  const ours = [...machineParts, ...servingParts('packages')].filter(({ name }) =>
    ['kubernetes', 'gateway-definitions'].includes(name),
  );
  const parts = await ensureParts([...ours, kedaDefinitions, prometheusOperatorDefinitions], {
    folder: cache,
    signal,
    progress: () => undefined,
  });
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
  const kubectl = join(parts.get('kubernetes')!, 'kubectl');
  const text = await runCommand(kubectl, ['kustomize', join(platformTemplate, 'tenant')], { signal });
  await applyObjects(cluster, parseManifest(text, 'tenant'));
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
  };
});

afterAll(async () => {
  issuer?.close();
  await server?.stop();
  await rm(root, { recursive: true });
});

test('rights in one namespace that is there suffice for a delivery', async () => {
  const folder = await service('assistant', 'team-a');
  const login = await connectCluster({ kubeconfig: server.kubeconfig, context: tenant });
  const ready = readyPods(server.cluster, 'team-a');
  const deployed = await runLoadedStage('deploy', folder, {
    ...given,
    'registry-username': 'a',
    'registry-password': 'b',
  });
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

test('in another namespace nothing is changed, and what is missing is named', async () => {
  const { verdict, reason } = await runLoadedStage('deploy', await service('other', 'team-b'), given);
  expect(verdict).toBe('fail');
  expect(reason).toMatch(/the login may not get namespaces in namespace team-b.*Nothing was applied/);
});

async function service(name: string, namespace: string): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  await writeFile(
    join(folder, 'fairway.yaml'),
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: ${name}
namespace: ${namespace}
owner: team-a
engine: { name: vllm }
model: { name: ${name}, reference: 'hf://team/${name}@${'0'.repeat(40)}' }
resources: { replicas: 2 }
scaling: { max: 4, prometheus: 'http://prometheus.monitoring:9090' }
access: { hostname: ${name}.example.com }
`,
  );
  return folder;
}
