import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { applyObjects, connectCluster, removeObjects } from '@fairway/clients/kubernetes/index';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { waitUntilAccepted } from '@fairway/clients/kubernetes/acceptance';
import type { PlatformState } from '@fairway/platform';
import type { Access } from '@fairway/targets/gateway/access';
import { referenceGrant } from '@fairway/targets/gateway/envoy/grant';
import { modelAnswers, routes } from '@fairway/targets/gateway/envoy/routes';
import { securityPolicies } from '@fairway/targets/gateway/envoy/security';
import { parseGateway, parseServiceReference } from '@fairway/targets/gateway/references';
import { tinyService } from '../fixtures/service.ts';
import { withInlineKeys } from '../inline-keys.ts';

jest.setTimeout(180_000);

const platform = JSON.parse(readFileSync(process.env['FAIRWAY_TEST_PLATFORM'] ?? '', 'utf8')) as PlatformState;
const namespace = `fairway-claims-${process.pid}`;
const audience = 'https://llm.example.com';

/** The claims of access tokens of the client-credentials grant, as the documentation of each issuer shows them. */
const issuers: Readonly<
  Record<string, { access?: object; token: object; with: object; without: object; clients?: string[] }>
> = {
  auth0: {
    token: { sub: 'abc@clients', azp: 'abc', aud: audience, gty: 'client-credentials' },
    with: { scope: 'llm:chat llm:read' },
    without: { scope: 'profile' },
  },
  entra: {
    access: { chatScope: 'Llm.Chat', modelsScope: 'Llm.Read', claims: ['roles'] },
    token: { sub: '11111111-1111-1111-1111-111111111111', aud: audience, azp: 'app', idtyp: 'app', ver: '2.0' },
    with: { roles: ['Llm.Chat'] },
    without: { roles: ['Other.Role'] },
  },
  keycloak: {
    access: { claims: ['realm_access.roles'] },
    // from release 25 on a service account may have no sub
    token: { azp: 'app', aud: [audience, 'account'], typ: 'Bearer', scope: 'profile email' },
    with: { realm_access: { roles: ['offline_access', 'llm:read'] } },
    without: { realm_access: { roles: ['offline_access'] }, groups: ['llm:read'] },
  },
  okta: {
    token: { sub: '0oa1', cid: '0oa1', aud: audience },
    with: { scp: ['llm:read'] },
    without: { scp: ['openid'] },
  },
  // of people: `scp` is a text of all scopes, and a person in more than 200 groups has none in the token but where to ask for them
  // https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
  'entra-people': {
    access: { chatScope: 'Llm.Chat', modelsScope: 'Llm.Read', claims: ['roles', 'groups'] },
    token: { sub: 'a', aud: audience, appid: 'app', ver: '1.0', _claim_names: { groups: 'src1' } },
    with: { scp: 'User.Read Llm.Read' },
    without: { scp: 'User.Read Llm.ReadAll' },
  },
  // https://www.keycloak.org/docs/latest/server_admin/#_client_scopes
  'keycloak-client': {
    access: { claims: ['resource_access.llm-gateway.roles'] },
    token: { azp: 'app', aud: audience, scope: 'profile' },
    with: { resource_access: { 'llm-gateway': { roles: ['llm:read'] } } },
    without: { resource_access: { account: { roles: ['llm:read'] } } },
  },
  // https://auth0.com/docs/get-started/apis/enable-role-based-access-control-for-apis
  'auth0-permissions': {
    access: { claims: ['permissions'] },
    token: { sub: 'auth0|1', azp: 'abc', aud: [audience, 'https://tenant.auth0.com/userinfo'], scope: 'openid' },
    with: { permissions: ['llm:chat'] },
    without: { 'https://example.com/roles': ['llm:chat'] },
  },
  // https://docs.github.com/en/actions/reference/security/oidc
  github: {
    access: { claims: ['repository'], roles: [{ name: 'octo-org/evals' }] },
    token: { sub: 'repo:octo-org/evals:ref:refs/heads/main', aud: audience, repository_owner: 'octo-org' },
    with: { repository: 'octo-org/evals' },
    without: { repository: 'octo-org/evals-2' },
  },
  // https://dexidp.io/docs/configuration/custom-scopes-claims-clients/
  dex: {
    access: { claims: ['groups'] },
    token: { sub: 'CgNhYmM', aud: audience, email: 'a@example.com' },
    with: { groups: ['team-a', 'llm:read'] },
    without: { groups: ['team-a'] },
  },
  // an object with a key a role, https://zitadel.com/docs/apis/openidoauth/claims, is none of these
  zitadel: {
    access: { claims: ['roles'] },
    token: { sub: '1', aud: [audience, '2'], client_id: 'app' },
    with: { roles: ['llm:read'] },
    without: { 'urn:zitadel:iam:org:project:roles': { 'llm:read': { 1: 'example.com' } }, roles: { 'llm:read': {} } },
  },
  // PingFederate writes scopes as a list where it is set up so
  ping: {
    token: { sub: 'app', client_id: 'app', aud: audience },
    with: { scope: ['openid', 'llm:read'] },
    without: { scope: ['openid'] },
  },
  'cognito-groups': {
    access: { claims: ['cognito:groups'] },
    clients: ['app'],
    token: { sub: 'a', token_use: 'access', client_id: 'app', scope: 'aws.cognito.signin.user.admin' },
    with: { 'cognito:groups': ['llm:read'] },
    without: { 'cognito:groups': ['llm:read'], client_id: 'stranger' },
  },
  cognito: {
    access: { chatScope: 'llm/chat', modelsScope: 'llm/read' },
    clients: ['app', 'other'],
    token: { sub: 'app', token_use: 'access', client_id: 'app' },
    with: { scope: 'llm/read' },
    without: { scope: 'llm/read', client_id: 'stranger' },
  },
};

const issuer = (name: string) => `https://${name}.example.com`;
const host = (name: string) => `${name}.claims-test.example.com`;

let cluster: Cluster;
let signed: (name: string, claims: object) => Promise<string>;

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'RS256', use: 'sig' }] });
  signed = (name, claims) =>
    new SignJWT({ iss: issuer(name), ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'test' })
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(privateKey);

  const waf = parseServiceReference('waf-service', platform.waf.service);
  const objects = Object.entries(issuers).flatMap(([name, { access, clients }]) => {
    const service = tinyService({ name, namespace, access: { hostname: host(name), ...access } });
    const given: Access = {
      issuer: issuer(name),
      ...(clients ? { clients } : { audience }),
      jwksUrl: 'https://unused',
      waf,
    };
    return [
      referenceGrant(namespace, waf),
      ...securityPolicies(service, given).map(policy => withInlineKeys(policy, keys)),
      ...modelAnswers(service),
      ...routes(service, parseGateway(platform.gateway.reference), { candidate: { revision: 'a', weight: 100 } }),
    ];
  });
  cluster = await connectCluster(platform.kubernetes);
  const home = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { 'fairway.dev/gateway': 'allowed' } },
  };
  await applyObjects(cluster, [home, ...objects]);
  const policies = objects.filter(({ kind }) => kind === 'SecurityPolicy');
  expect(await waitUntilAccepted(cluster, policies, 30_000, new AbortController().signal)).toEqual([]);
});

afterAll(async () => {
  const grant = { apiVersion: 'gateway.networking.k8s.io/v1beta1', kind: 'ReferenceGrant' };
  const waf = parseServiceReference('waf-service', platform.waf.service);
  await removeObjects(cluster, [
    { ...grant, metadata: { name: `fairway-${namespace}-${waf.name}`, namespace: waf.namespace } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  ]);
});

test.each(Object.keys(issuers))(
  'tokens as %s gives them are let in by their rights, and by nothing else',
  async name => {
    const { token, ...has } = issuers[name]!;
    const good = await signed(name, { ...token, ...has.with });
    // a policy takes effect a moment after it is accepted
    for (let tries = 0; tries < 60 && (await status(name, good)) !== 200; tries++)
      await new Promise(r => setTimeout(r, 500));
    expect(await status(name, good)).toBe(200);
    expect(await status(name, await signed(name, { ...token, ...has.without }))).toBe(403);
    expect(await status(name, await signed(name, token))).toBe(403);
    expect(await status(name, await signed(name, { ...token, ...has.with, iss: 'https://another.example.com' }))).toBe(
      401,
    );
    if (!has.clients)
      expect(await status(name, await signed(name, { ...token, ...has.with, aud: 'another' }))).toBe(403);
    expect(await status(name)).toBe(401);
  },
);

function status(name: string, token?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(
      new URL('/v1/models/tiny', platform.gateway.url),
      { headers: { host: host(name), ...(token ? { authorization: `Bearer ${token}` } : {}) } },
      answer => resolve(answer.resume().statusCode ?? 0),
    )
      .on('error', reject)
      .end();
  });
}
