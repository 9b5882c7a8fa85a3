import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { platformTemplate } from '@fairway/platform/serving/overlay';
import { platform } from '../e2e/platform.ts';
import { closedByKeycloak } from './closed-by-keycloak.ts';
import { keycloakPart, startKeycloak } from './keycloak.ts';
import type { Keycloak } from './keycloak.ts';

jest.setTimeout(600_000);

const namespace = `fairway-keycloak-${process.pid}`;
const hostname = 'keycloak-test.example.com';
const secrets = { FAIRWAY_USER_SECRET: 'of-the-user', FAIRWAY_VIEWER_SECRET: 'of-the-viewer' };

let keycloak: Keycloak;
let remove: (() => Promise<void>) | undefined;

beforeAll(async () => {
  keycloak = await startKeycloak(join(platformTemplate, 'parts/keycloak/realm.json'), secrets);
  remove = await closedByKeycloak(keycloak, { namespace, hostname });
});

afterAll(async () => {
  await keycloak?.stop();
  await remove?.();
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
