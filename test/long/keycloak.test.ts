import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { applyObjects, connectCluster, removeObjects } from '@fairway/clients/kubernetes/index';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { waitUntilAccepted } from '@fairway/clients/kubernetes/acceptance';
import type { PlatformState } from '@fairway/platform';
import { platformTemplate } from '@fairway/platform/serving/overlay';
import { referenceGrant } from '@fairway/targets/gateway/envoy/grant';
import { modelAnswers, routes } from '@fairway/targets/gateway/envoy/routes';
import { securityPolicies } from '@fairway/targets/gateway/envoy/security';
import { parseGateway, parseServiceReference } from '@fairway/targets/gateway/references';
import { tinyService } from '../fixtures/service.ts';
import { withInlineKeys } from '../inline-keys.ts';
import { keycloakPart, startKeycloak } from './keycloak.ts';
import type { Keycloak } from './keycloak.ts';

jest.setTimeout(600_000);

const platform = JSON.parse(readFileSync(process.env['FAIRWAY_TEST_PLATFORM'] ?? '', 'utf8')) as PlatformState;
const waf = parseServiceReference('waf-service', platform.waf.service);
const namespace = `fairway-keycloak-${process.pid}`;
const hostname = 'keycloak-test.example.com';
const secrets = { FAIRWAY_USER_SECRET: 'of-the-user', FAIRWAY_VIEWER_SECRET: 'of-the-viewer' };

let keycloak: Keycloak;
let cluster: Cluster;

beforeAll(async () => {
  keycloak = await startKeycloak(join(platformTemplate, 'parts/keycloak/realm.json'), secrets);
  const realm = `${keycloak.url}/realms/fairway`;
  const keys = await (await fetch(`${realm}/protocol/openid-connect/certs`)).text();
  const service = tinyService({ name: 'tiny', namespace, access: { hostname, claims: ['realm_access.roles'] } });
  const policies = securityPolicies(service, { issuer: realm, audience: 'fairway', jwksUrl: 'https://unused', waf });
  const closed = policies.map(policy => withInlineKeys(policy, keys));
  cluster = await connectCluster(platform.kubernetes);
  await applyObjects(cluster, [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'fairway.dev/gateway': 'allowed' } },
    },
    referenceGrant(namespace, waf),
    ...closed,
    ...modelAnswers(service),
    ...routes(service, parseGateway(platform.gateway.reference), { candidate: { revision: 'a', weight: 100 } }),
  ]);
  expect(await waitUntilAccepted(cluster, closed, 30_000, new AbortController().signal)).toEqual([]);
});

afterAll(async () => {
  await keycloak?.stop();
  if (!cluster) return;
  const grant = { apiVersion: 'gateway.networking.k8s.io/v1beta1', kind: 'ReferenceGrant' };
  await removeObjects(cluster, [
    { ...grant, metadata: { name: `fairway-${namespace}-${waf.name}`, namespace: waf.namespace } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  ]);
});

test("the realm's roles are the rights of services: who may chat may list, who may list may not chat", async () => {
  const user = await token('user', secrets.FAIRWAY_USER_SECRET);
  const viewer = await token('viewer', secrets.FAIRWAY_VIEWER_SECRET);
  // a policy takes effect a moment after it is accepted
  for (let tries = 0; tries < 60 && (await list(user)) !== 200; tries++) await new Promise(r => setTimeout(r, 500));
  expect(await list(user)).toBe(200);
  expect(await list(viewer)).toBe(200);
  expect(await list()).toBe(401);
  expect(await chat(viewer)).toBe(403);
  // let in: the route has no Service, for which the Gateway API has this status
  expect(await chat(user)).toBe(500);
});

test('the realm is tried with the version of the image', () => {
  const image = readFileSync(join(platformTemplate, 'parts/keycloak/keycloak.yaml'), 'utf8');
  expect(image).toContain(`quay.io/keycloak/keycloak:${keycloakPart.path.split('/').at(-2)}`);
});

async function token(client: string, secret: string): Promise<string> {
  const answer = await fetch(`${keycloak.url}/realms/fairway/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: client, client_secret: secret }),
  });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { access_token: string }).access_token;
}

function list(bearer?: string): Promise<number> {
  return ask('GET', '/v1/models/tiny', bearer);
}

function chat(bearer: string): Promise<number> {
  const body = JSON.stringify({ model: 'tiny', messages: [{ role: 'user', content: 'hello' }] });
  return ask('POST', '/v1/chat/completions', bearer, body);
}

function ask(method: string, path: string, bearer?: string, body?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      host: hostname,
      ...(bearer && { authorization: `Bearer ${bearer}` }),
      ...(body && { 'content-type': 'application/json' }),
    };
    request(new URL(path, platform.gateway.url), { method, headers }, answer =>
      resolve(answer.resume().statusCode ?? 0),
    )
      .on('error', reject)
      .end(body);
  });
}
