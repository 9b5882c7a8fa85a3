import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getWorkload } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { versions } from '@fairway/targets/workload/versions';
import { applyDefinitions, definitionsOf, readyPods, startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { bringParts } from '../bring-parts.ts';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { serviceFolder } from '../service-folder.ts';
import { externalSecretsDefinitions } from '../upstream-parts.ts';

jest.setTimeout(240_000);

let parts: ReadonlyMap<string, string>;
let root: string;
let server: BareApiServer;

beforeAll(async () => {
  parts = await bringParts(['kubernetes'], [externalSecretsDefinitions]);
  root = await mkdtemp(join(tmpdir(), 'fairway-pull-token-'));
  await mkdir(join(root, 'server'));
  server = await startBareApiServer(parts.get('kubernetes')!, join(root, 'server'));
});

afterAll(async () => {
  await server?.stop();
  await rm(root, { recursive: true });
});

const amazon = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/assistant';

test('a cluster without External Secrets is reported before anything is made', async () => {
  const { verdict, reason } = await deliver('none', amazon, '{}');
  expect(verdict).toBe('fail');
  expect(reason).toContain(
    'The cluster of context "bare" does not serve ExternalSecret (external-secrets.io/v1), which `workload.pullToken` asks for.',
  );
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'none' } };
  expect(await server.cluster.get(namespace)).toBeUndefined();
});

// every field is checked against the definitions of the project: what is applied is applied strictly
test.each([
  [
    'amazon',
    amazon,
    '{ role: "arn:aws:iam::123456789012:role/pull", auth: { jwt: { serviceAccountRef: { name: registry } } } }',
    'ECRAuthorizationToken',
  ],
  [
    'google',
    'europe-west1-docker.pkg.dev/models/team/assistant',
    '{ auth: { secretRef: { secretAccessKeySecretRef: { name: reader, key: key.json } } } }',
    'GCRAccessToken',
  ],
  [
    'azure',
    'models.azurecr.io/assistant',
    `{ tenantId: 11111111-2222-3333-4444-111111111111, auth: { servicePrincipal: { secretRef: { clientId: { name: reader, key: id }, clientSecret: { name: reader, key: secret } } } } }`,
    'ACRAccessToken',
  ],
])('nodes pull from %s with a Secret that goes with the version', async (name, repository, token, kind) => {
  await defineExternalSecrets();
  const deployed = await deliver(name, repository, token, { type: 'Ready', status: 'True' });
  expect(deployed.verdict).toBe('pass');
  const metadata = { namespace: name, name: deployed.outputs['deployment']! };
  expect(await getWorkload(server.cluster, metadata)).toMatchObject({
    spec: { template: { spec: { imagePullSecrets: [{ name: metadata.name }] } } },
  });
  const made = [
    ['generators.external-secrets.io/v1alpha1', kind],
    ['external-secrets.io/v1', 'ExternalSecret'],
  ] as const;
  for (const [apiVersion, one] of made)
    expect((await server.cluster.get({ apiVersion, kind: one, metadata }))?.metadata.ownerReferences).toMatchObject([
      { kind: 'Deployment', name: metadata.name },
    ]);
  // a password that is given besides is not stored
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: name, name: `${name}-registry` } };
  expect(await server.cluster.get(secret)).toBeUndefined();
});

test('what the operator says is the reason where it gets no token', async () => {
  await defineExternalSecrets();
  const message =
    'error processing spec.dataFrom[0].sourceRef.generatorRef: unable to get authorization token: AccessDenied';
  const failed = await deliver('denied', amazon, '{}', { type: 'Ready', status: 'False', message });
  expect(failed.verdict).toBe('fail');
  expect(failed.reason).toMatch(/There is no token to pull the image with after 60 s\. ExternalSecret denied\/denied-/);
  expect(failed.reason).toContain(`says: ${message}.`);
  expect(await versions(server.cluster, 'denied', 'denied')).toEqual([]);
});

async function defineExternalSecrets(): Promise<void> {
  const all = await definitionsOf(parts.get('external-secrets-definitions')!);
  const needed = /^(externalsecrets|ecrauthorizationtokens|gcraccesstokens|acraccesstokens)\./;
  await applyDefinitions(
    server.cluster,
    all.filter(({ metadata }) => needed.test(metadata.name)),
  );
}

/** @param condition that the operator gives each ExternalSecret of the namespace */
async function deliver(name: string, repository: string, token: string, condition?: object) {
  const folder = await serviceFolder(
    root,
    name,
    `model: { name: assistant, reference: 'hf://team/assistant@${'0'.repeat(40)}' }
resources: { gpu: { class: nvidia-h100-80gb } }
workload: { pullToken: ${token} }
`,
  );
  const { context, kubeconfig, cluster } = server;
  const image = `${repository}@sha256:${'cd'.repeat(32)}`;
  const login = { 'registry-username': 'AWS', 'registry-password': 'of-the-registry' };
  const ready = readyPods(cluster, name);
  const operator = condition ? operate(name, condition) : undefined;
  try {
    return await runLoadedStage('deploy', folder, { image, context, kubeconfig, ...login });
  } finally {
    await ready.stop();
    await operator?.stop();
  }
}

/** Stands in for the operator of External Secrets: nobody here has a cloud. */
function operate(namespace: string, condition: object): { stop(): Promise<void> } {
  const { cluster } = server;
  const stopped = new AbortController();
  const running = (async () => {
    while (!stopped.signal.aborted) {
      const found: readonly KubernetesObject[] = await cluster.list(
        'external-secrets.io/v1',
        'ExternalSecret',
        namespace,
      );
      for (const one of found)
        await cluster.request('PATCH', `${await cluster.path(one)}/status`, {
          query: { fieldManager: 'status' },
          body: { status: { conditions: [condition] } },
          contentType: 'application/merge-patch+json',
        });
      await sleep(200);
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}
