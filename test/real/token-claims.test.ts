import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { applyObjects, connectCluster, removeObjects } from '@fairway/clients/kubernetes/index';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { waitUntilAccepted } from '@fairway/clients/kubernetes/acceptance';
import type { PlatformState } from '@fairway/platform';
import type { Access } from '@fairway/targets/gateway/access';
import { referenceGrant } from '@fairway/targets/gateway/envoy/grant';
import { modelAnswers, routes } from '@fairway/targets/gateway/envoy/routes';
import { securityPolicies } from '@fairway/targets/gateway/envoy/security';
import { parseGateway, parseServiceReference } from '@fairway/targets/gateway/references';
import { audience, issuer, issuers, issuersKey } from '../fixtures/issuer-tokens.ts';
import { tinyService } from '../fixtures/service.ts';
import { withInlineKeys } from '../inline-keys.ts';

jest.setTimeout(180_000);

const platform = JSON.parse(readFileSync(process.env['FAIRWAY_TEST_PLATFORM'] ?? '', 'utf8')) as PlatformState;
const namespace = `fairway-claims-${process.pid}`;
const host = (name: string) => `${name}.claims-test.example.com`;

let cluster: Cluster;
let signed: (name: string, claims: object) => Promise<string>;

beforeAll(async () => {
  const key = await issuersKey();
  ({ signed } = key);

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
      ...securityPolicies(service, given).map(policy => withInlineKeys(policy, key.keys)),
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
