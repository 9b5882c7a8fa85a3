import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meshParts } from '@fairway/platform/mesh/parts';
import type { Access } from '@fairway/targets/gateway/access';
import { render } from '@fairway/targets/gateway/istio/objects';
import { bringParts } from '../bring-parts.ts';
import { audience, issuer, issuers, issuersKey } from '../fixtures/issuer-tokens.ts';
import { tinyService } from '../fixtures/service.ts';
import { istioGateway, startIstioGateway } from '../istio-gateway.ts';
import { within } from '../within.ts';

jest.setTimeout(10 * 60_000);

// Who is let in at Istio's gateway, by what istiod makes of the objects of services: as at Envoy Gateway in token-claims.test.ts.

const host = (name: string) => `${name}.claims-test.example.com`;

let folder: string;
let gateway: Awaited<ReturnType<typeof startIstioGateway>>;
let signed: (name: string, claims: object) => Promise<string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'istio-claims-'));
  const parts = await bringParts(
    ['envoy', 'kubernetes', 'gateway-definitions'],
    meshParts.filter(({ name }) => name === 'istiod'),
  );
  const envoy = join(folder, 'envoy');
  await copyFile(join(parts.get('envoy')!, 'envoy/_bin/envoy'), envoy);
  await chmod(envoy, 0o755);
  const key = await issuersKey();
  ({ signed } = key);
  const objects = Object.entries(issuers).flatMap(([name, { access, clients }]) => {
    const given: Access = {
      issuer: issuer(name),
      ...(clients ? { clients } : { audience }),
      jwksUrl: 'https://unused',
      waf: { namespace: 'fairway-system', name: 'waf', port: 9003 },
    };
    const { policies, routes, patches } = render(
      tinyService({ name, namespace: 'llm', access: { hostname: host(name), ...access } }),
      { gateway: istioGateway, listeners: ['http'], access: given },
      { candidate: { revision: 'a', weight: 100 } },
    );
    return [...policies, ...routes, ...patches];
  });
  gateway = await startIstioGateway(
    {
      envoy,
      kubernetes: parts.get('kubernetes')!,
      istiod: parts.get('istiod')!,
      gatewayDefinitions: parts.get('gateway-definitions')!,
    },
    Object.entries(issuers).map(([name, { clients }]) => ({
      issuer: issuer(name),
      keys: key.keys,
      ...(clients ? {} : { audience }),
    })),
    objects,
    folder,
  );
});

afterAll(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

test.each(Object.keys(issuers))(
  'tokens as %s gives them are let in by their rights, and by nothing else',
  async name => {
    const { token, ...has } = issuers[name]!;
    const good = await signed(name, { ...token, ...has.with });
    await within(30)(async () => expect(await status(name, good)).toBe(200));
    expect(await status(name, await signed(name, { ...token, ...has.without }))).toBe(403);
    expect(await status(name, await signed(name, token))).toBe(403);
    expect(await status(name, await signed('another', { ...token, ...has.with }))).toBe(401);
    if (!has.clients)
      expect(await status(name, await signed(name, { ...token, ...has.with, aud: 'another' }))).toBe(403);
    expect(await status(name)).toBe(401);
    // good, for a service of another issuer
    const other = Object.keys(issuers).find(one => one !== name)!;
    expect(await status(other, good)).toBe(403);
  },
);

test('the right to list models is none to chat, and the right to chat is one to list', async () => {
  const { token } = issuers['okta']!;
  const [reader, writer] = await Promise.all(
    ['llm:read', 'llm:chat'].map(right => signed('okta', { ...token, scp: ['openid', right] })),
  );
  expect([await status('okta', reader), await status('okta', writer)]).toEqual([200, 200]);
  const chat = JSON.stringify({ model: 'tiny', messages: [{ role: 'user', content: 'hello' }] });
  expect(await status('okta', reader, chat)).toBe(403);
  // let in: the route has no Service
  expect(await status('okta', writer, chat)).toBe(500);
});

/** @param chat body of a chat completion; the model is asked for by its name without one */
function status(name: string, token?: string, chat?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      host: host(name),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(chat ? { 'content-type': 'application/json' } : {}),
    };
    const asked = chat ? { method: 'POST', path: '/v1/chat/completions' } : { path: '/v1/models/tiny' };
    request({ host: '127.0.0.1', port: gateway.port, headers, ...asked }, answer =>
      resolve(answer.resume().statusCode ?? 0),
    )
      .on('error', reject)
      .end(chat);
  });
}
