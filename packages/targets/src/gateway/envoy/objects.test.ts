import { tinyService } from '../../../../../test/fixtures/service.ts';
import { conflictingRoute, neighbours, sharedScope } from '../conflict.ts';
import type { Access } from '../access.ts';
import { referenceGrant } from './grant.ts';
import { countedLimits } from '../counted-limits.ts';
import { denyWithoutLimits } from './limits-unavailable.ts';
import { render } from './objects.ts';
import { routes } from './routes.ts';
import { securityPolicies } from './security.ts';
import { trafficPolicy } from './traffic-policy.ts';

const service = (access: object = {}) => tinyService({ namespace: 'llm', access });

const gateway = { namespace: 'fairway-system', name: 'fairway' };
const access: Access = {
  issuer: 'https://issuer.example',
  audience: 'urn:llm',
  jwksUrl: 'https://issuer.example/jwks',
  waf: { namespace: 'fairway-system', name: 'waf', port: 9003 },
};

interface Rule {
  name: string;
  matches: { path: { value: string }; headers?: { name: string; value: string }[] }[];
  timeouts: object;
  backendRefs: { name: string; weight: number }[];
}

const rulesOf = (object: unknown) => (object as { spec: { rules: Rule[] } }).spec.rules;

test('in a mesh without sidecars the gateway speaks as without one, and only its pods reach the version', () => {
  const membership = { gateway: 'example.org/ns/gateways/sa/gateway', interception: 'ambient' } as const;
  const weights = { candidate: { revision: 'b', weight: 100 } };
  const at = (mesh: object) => render(service(), { gateway, listeners: [], access, ...mesh }, weights);
  const kinds = at({ ambient: membership }).version.map(({ kind }) => kind);
  expect(kinds).toEqual(['NetworkPolicy']);
  expect(at({ ambient: membership }).routes).toEqual(at({}).routes);
  const sidecars = at({ mutualTls: { name: 'spiffe://example.org/ns/llm/sa/hello', roots: 'PEM' } }).version;
  expect(sidecars.map(({ kind }) => kind)).toEqual(['ConfigMap', 'BackendTLSPolicy', 'NetworkPolicy']);
});

test('a candidate beside a stable version is only reached by its header', () => {
  const [, chat] = routes(service(), gateway, {
    candidate: { revision: 'b', weight: 0 },
    stable: { revision: 'a', weight: 100 },
  });
  const [candidate, serving] = rulesOf(chat);
  expect(candidate?.backendRefs.map(backend => backend.name)).toEqual(['hello-b']);
  expect(
    candidate?.matches.every(
      match => JSON.stringify(match.headers?.at(-1)) === '{"type":"Exact","name":"x-fairway-revision","value":"b"}',
    ),
  ).toBe(true);
  expect(serving?.matches.some(match => match.headers?.some(({ name }) => name === 'x-fairway-revision'))).toBe(false);
  expect(serving?.backendRefs.map(({ name, weight }) => [name, weight])).toEqual([
    ['hello-a', 1_000_000],
    ['hello-b', 1],
  ]);
});

test('a request enters, is known by its model, and no route cuts a stream', () => {
  const made = routes(service(), gateway, { candidate: { revision: 'b', weight: 100 } });
  const paths = made.map(route => [
    ...new Set(rulesOf(route).flatMap(rule => rule.matches.map(match => match.path.value))),
  ]);
  const asks = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/responses'];
  expect(made.map(({ metadata }) => metadata.name)).toEqual(['hello-entry', 'hello-chat', 'hello-models']);
  expect(paths).toEqual([asks, asks, ['/v1/models', '/v1/models/tiny', '/v1/models/']]);
  // nothing is behind the entry, and behind the model's route only what names the model
  expect(rulesOf(made[0]).some(rule => rule.backendRefs)).toBe(false);
  const model = { type: 'Exact', name: 'x-model', value: 'tiny' };
  for (const { matches } of rulesOf(made[1])) for (const { headers } of matches) expect(headers).toContainEqual(model);
  const served = made.flatMap(rulesOf).filter(rule => rule.backendRefs);
  expect(served).toHaveLength(4);
  expect(served.every(rule => JSON.stringify(rule.timeouts) === '{"request":"0s"}')).toBe(true);
});

test('the filters of the gateway read how many requests may run, and what happens while nobody counts', () => {
  const of = (limits: object) => {
    const [, chat] = routes(service(limits), gateway, { candidate: { revision: 'b', weight: 100 } });
    return chat?.metadata.annotations;
  };
  // Envoy Gateway hands annotations on whose name begins like this
  expect(of({ concurrentRequests: 4 })).toMatchObject({
    'gateway.envoyproxy.io/concurrentRequests': '4',
    'gateway.envoyproxy.io/limitsUnavailable': 'allow',
  });
  expect(of({ concurrentRequests: 4, limitsUnavailable: 'deny' })).toMatchObject({
    'gateway.envoyproxy.io/limitsUnavailable': 'deny',
  });
  // the filter that denies has no other sign of a service without the limit
  expect(of({ limitsUnavailable: 'deny' })).not.toHaveProperty(['gateway.envoyproxy.io/limitsUnavailable']);
});

test('the access log can name the service and its owner for requests of the model, and for nothing else', () => {
  const [entry, chat, models] = routes(service(), gateway, { candidate: { revision: 'b', weight: 100 } });
  // Envoy Gateway hands annotations on whose name begins like this
  const handed = (annotations: object = {}) =>
    Object.entries(annotations).flatMap(([name, value]) => {
      const [, key] = /^gateway\.envoyproxy\.io\/(.*)$/.exec(name) ?? [];
      return key ? [[key, value]] : [];
    });
  expect(Object.fromEntries(handed(chat?.metadata.annotations))).toEqual({
    ...{ service: 'hello', owner: service().owner },
    version: 'b',
  });
  expect([entry, models].flatMap(route => handed(route?.metadata.annotations))).toEqual([]);
});

test('every host unless one is named', () => {
  expect(routes(service(), gateway, { candidate: { revision: 'b', weight: 100 } })[0]?.spec).not.toHaveProperty(
    'hostnames',
  );
  expect(
    routes(service({ hostname: 'llm.example' }), gateway, { candidate: { revision: 'b', weight: 100 } })[0]?.spec,
  ).toMatchObject({ hostnames: ['llm.example'] });
});

test('each route has a policy that denies by default, asks for its scope and fails closed', () => {
  const policies = securityPolicies(service(), access);
  expect(policies.map(policy => policy.metadata.name)).toEqual(['hello-entry', 'hello-chat', 'hello-models']);
  // who may ask the model may list it too: one token is enough for a client that does both
  for (const [index, scopes] of [undefined, ['llm:chat'], ['llm:read', 'llm:chat']].entries()) {
    expect(policies[index]?.spec).toMatchObject({
      jwt: {
        providers: [
          {
            audiences: ['urn:llm'],
            claimToHeaders: [{ claim: 'sub', header: 'x-user' }],
            remoteJWKS: { uri: access.jwksUrl },
          },
        ],
      },
      ...(scopes && {
        authorization: {
          defaultAction: 'Deny',
          rules: scopes.map(scope => ({ action: 'Allow', principal: { jwt: { scopes: [scope] } } })),
        },
      }),
      extAuth: {
        failOpen: false,
        statusOnError: 503,
        grpc: { backendRefs: [access.waf] },
        bodyToExtAuth: { maxRequestBytes: 1048576 },
      },
    });
  }
});

test('the firewall hears which service a route is of, and its model at the route that the model finds', () => {
  const heard = securityPolicies(service(), access).map(({ spec }) => {
    const { contextExtensions } = (spec as { extAuth: { contextExtensions: { name: string; value: string }[] } })
      .extAuth;
    return Object.fromEntries(contextExtensions.map(({ name, value }) => [name, value]));
  });
  const place = { namespace: 'llm', service: 'hello' };
  expect(heard).toEqual([place, { ...place, model: 'tiny' }, place]);
});

test('a right may be in a claim that is named, and tokens without an audience are bound to clients', () => {
  const [, chat] = securityPolicies(service({ claims: ['realm_access.roles'] }), {
    issuer: access.issuer,
    jwksUrl: access.jwksUrl,
    waf: access.waf,
    clients: ['app'],
  });
  const client = { name: 'client_id', values: ['app'] };
  expect(chat?.spec).toMatchObject({
    authorization: {
      rules: [
        { principal: { jwt: { scopes: ['llm:chat'], claims: [client] } } },
        {
          principal: {
            jwt: { claims: [client, { name: 'realm_access.roles', valueType: 'StringArray', values: ['llm:chat'] }] },
          },
        },
        { principal: { jwt: { claims: [client, { name: 'realm_access.roles', values: ['llm:chat'] }] } } },
      ],
    },
  });
  expect((chat?.spec as { jwt: { providers: object[] } }).jwt.providers[0]).not.toHaveProperty('audiences');
});

test('a role allows its operations and no others', () => {
  const roles = [{ name: 'embedders', operations: ['embeddings', 'models'] }];
  const [, chat, models] = securityPolicies(service({ roles, claims: ['groups'] }), access);
  const path = { type: 'Exact', value: '/v1/embeddings' };
  const { rules } = (chat?.spec as { authorization: { rules: object[] } }).authorization;
  expect(rules.slice(0, 3)).toMatchObject([
    { operation: { path }, principal: { jwt: { scopes: ['embedders'] } } },
    ...[{ valueType: 'StringArray' }, {}].map(type => ({
      operation: { path },
      principal: { jwt: { claims: [{ name: 'groups', ...type, values: ['embedders'] }] } },
    })),
  ]);
  expect(rules.slice(3).some(rule => 'operation' in rule)).toBe(false);
  expect(models?.spec).toMatchObject({
    authorization: { rules: expect.arrayContaining([expect.objectContaining({ action: 'Allow' })]) },
  });
});

test('no engine gets a token, or compresses what the gateway counts', () => {
  const found = routes(service(), gateway, { candidate: { revision: 'x', weight: 100 } });
  const rules = found.flatMap(({ spec }) => (spec as { rules: { backendRefs?: object[]; filters: object[] }[] }).rules);
  const asking = rules.filter(({ backendRefs }) => backendRefs);
  expect(asking).toHaveLength(4);
  for (const { filters } of asking)
    expect(filters).toContainEqual({
      type: 'RequestHeaderModifier',
      requestHeaderModifier: { remove: ['authorization', 'accept-encoding'] },
    });
});

test('a role that is no scope is looked for in the claims alone', () => {
  const roles = [{ name: 'LLM Nutzer Zürich', operations: ['chat'] }];
  const [, chat] = securityPolicies(service({ roles, claims: ['groups'] }), access);
  const { rules } = (chat?.spec as { authorization: { rules: { principal: { jwt: object } }[] } }).authorization;
  const ofRole = rules.map(({ principal }) => principal.jwt).filter(held => JSON.stringify(held).includes('Nutzer'));
  expect(ofRole).toEqual(
    [{ valueType: 'StringArray' }, {}].map(type => ({
      provider: 'issuer',
      claims: [{ name: 'groups', ...type, values: ['LLM Nutzer Zürich'] }],
    })),
  );
});

test.each([
  ['llamacpp', 1],
  ['vllm', undefined],
] as const)('a connection to %s carries %s requests', (name, most) => {
  const { circuitBreaker } = trafficPolicy({ ...service(), engine: { ...service().engine, name } }, access).spec as {
    readonly circuitBreaker: { readonly maxRequestsPerConnection?: number };
  };
  expect(circuitBreaker.maxRequestsPerConnection).toBe(most);
});

test('limits count by token subject, retries never repeat a prompt that arrived', () => {
  expect(trafficPolicy(service({ requestsPerMinute: 700 }), access).spec).toMatchObject({
    retry: { retryOn: { triggers: ['connect-failure', 'refused-stream'] } },
    timeout: { http: { requestTimeout: '0s', maxStreamDuration: '540s' } },
    rateLimit: {
      local: {
        rules: [
          {
            clientSelectors: [{ headers: [{ name: 'x-user', type: 'Distinct' }] }],
            limit: { requests: 700, unit: 'Minute' },
          },
          { limit: { requests: 700, unit: 'Minute' } },
        ],
      },
    },
  });
});

test('limits of tokens are charged after the answer, for each user and for those without a name, and shared by the routes', () => {
  const { rateLimit } = trafficPolicy(service({ tokensPerMinute: 1000, tokensPerDay: 50_000 }), access).spec as {
    rateLimit: {
      global: {
        rules: {
          clientSelectors: object[];
          shared: boolean;
          limit: { requests: number };
          cost?: { request: { number: number } };
        }[];
      };
    };
  };
  const { rules } = rateLimit.global;
  expect(rules.every(({ shared }) => shared)).toBe(true);
  const cost = {
    request: { from: 'Number', number: 0 },
    response: { from: 'Metadata', metadata: { namespace: 'llm', key: 'total_tokens' } },
  };
  // each request takes one of 600 parts
  const [requests] = rules;
  expect(requests!.limit.requests / requests!.cost!.request.number).toBe(600);
  for (const [limit, charged] of [
    [requests!.limit, requests!.cost],
    [{ requests: 1000, unit: 'Minute' }, cost],
    [{ requests: 50_000, unit: 'Day' }, cost],
  ]) {
    const found = rules.filter(rule => JSON.stringify(rule.limit) === JSON.stringify(limit));
    expect(found.map(rule => rule.cost)).toEqual([charged, charged]);
    expect(found.map(rule => rule.clientSelectors)).toMatchObject([
      [{ headers: [{ name: 'x-user', type: 'Distinct' }] }],
      [{ headers: [{ name: 'x-user', invert: true }] }],
    ]);
  }
});

test.each([1, 2, 600])('with %d requests a minute each counts no more than Envoy takes', requestsPerMinute => {
  const { access: asked } = tinyService({ access: { tokensPerDay: 1 } });
  const [limit] = countedLimits({ access: { ...asked, requestsPerMinute } });
  // validation of RateLimit.HitsAddend.number: envoy/config/route/v3/route_components.proto
  expect(limit!.each).toBeLessThanOrEqual(1_000_000_000);
  expect(limit!.most / limit!.each).toBe(requestsPerMinute);
});

test('without limits of tokens nothing is counted outside the gateway', () => {
  expect(trafficPolicy(service(), access).spec).not.toHaveProperty('rateLimit.global');
});

test('a service that denies without limits changes its own filter and no other', () => {
  const limits = { tokensPerDay: 1, limitsUnavailable: 'deny' };
  expect(denyWithoutLimits(service({ tokensPerDay: 1 }), gateway, ['http'])).toBeUndefined();
  expect(denyWithoutLimits(service({ limitsUnavailable: 'deny' }), gateway, ['http'])).toBeUndefined();
  const patch = denyWithoutLimits(service(limits), gateway, ['http', 'https']);
  expect(patch?.metadata).toMatchObject({ name: 'limits.llm.hello', namespace: 'fairway-system' });
  const { jsonPatches } = patch?.spec as { jsonPatches: { name: string; operation: { jsonPath: string } }[] };
  expect(new Set(jsonPatches.map(({ name }) => name))).toEqual(
    new Set(['fairway-system/fairway/http', 'fairway-system/fairway/https']),
  );
  for (const { operation } of jsonPatches)
    expect(operation.jsonPath).toContain("'envoy.filters.http.ratelimit/llm/hello'");
});

test('what the gateway answers by itself is an error of the OpenAI API, what the engine or the firewall says is left', () => {
  const { responseOverride } = trafficPolicy(service(), access).spec as {
    responseOverride: {
      match: { statusCodes: { value: number }[]; responseHeaders?: unknown };
      source: string;
      response: { contentType: string; body: { inline: string } };
    }[];
  };
  const statuses = responseOverride.map(({ match }) => match.statusCodes[0]?.value);
  expect(statuses).toEqual(expect.arrayContaining([401, 403, 404, 413, 429, 503]));
  for (const { match, source, response } of responseOverride) {
    expect(source).toBe('Local');
    expect(response.contentType).toBe('application/json');
    const { error } = JSON.parse(response.body.inline) as { error: Record<string, unknown> };
    expect(Object.keys(error)).toEqual(['message', 'type', 'param', 'code', 'request_id']);
    // the firewall denies with JSON of its own, never with plain text
    if (match.statusCodes[0]!.value < 500)
      expect(match.responseHeaders).toEqual([{ name: 'content-type', value: { type: 'Exact', value: 'text/plain' } }]);
  }
});

test('a grant names one namespace and one Service', () => {
  expect(referenceGrant('llm', access.waf)).toMatchObject({
    metadata: { name: 'fairway-llm-waf', namespace: 'fairway-system' },
    spec: { from: [{ kind: 'SecurityPolicy', namespace: 'llm' }], to: [{ kind: 'Service', name: 'waf' }] },
  });
});

describe('a route of another service', () => {
  const weights = { candidate: { revision: 'x', weight: 100 } };
  const other = (model: string, hostname?: string) =>
    routes(
      tinyService({
        name: 'other',
        namespace: 'llm',
        model: { name: model, path: 'x.gguf' },
        access: hostname ? { hostname } : {},
      }),
      gateway,
      weights,
    );
  const elsewhere = { namespace: 'fairway-system', name: 'another-gateway' };
  // as Fairway made them before it knew the model at the gateway
  const former = other('tiny').map(route => ({
    ...route,
    spec: JSON.parse(JSON.stringify(route.spec).replaceAll(/,"headers":\[[^\]]*\]/g, '')),
  }));

  test.each([
    ['both for every host and the same model', other('tiny'), service(), gateway, 'llm/other-chat'],
    [
      'the same host and model',
      other('tiny', 'a.example'),
      service({ hostname: 'a.example' }),
      gateway,
      'llm/other-chat',
    ],
    [
      'the same host and another model',
      other('large', 'a.example'),
      service({ hostname: 'a.example' }),
      gateway,
      undefined,
    ],
    ['both for every host and another model', other('large'), service(), gateway, undefined],
    ['another host', other('tiny', 'a.example'), service({ hostname: 'b.example' }), gateway, undefined],
    [
      'a host of its own beside one for every host',
      other('tiny'),
      service({ hostname: 'b.example' }),
      gateway,
      undefined,
    ],
    ['another gateway', other('tiny'), service(), elsewhere, undefined],
    ['one that takes every model', former, service({}), gateway, 'llm/other-chat'],
    ["the service's own routes", routes(service(), gateway, weights), service(), gateway, undefined],
  ])('%s', (_name, found, own, where, expected) => {
    expect(conflictingRoute(neighbours(found, own, where), own)).toBe(expected);
  });

  test('services at one gateway that the same scope opens are named, whatever their hosts', () => {
    const found = [...other('large', 'a.example'), ...routes(service(), gateway, weights)];
    expect(sharedScope(found, service({ hostname: 'b.example' }), gateway)).toContain('may also use llm/other at this');
    expect(sharedScope(found, service({ chatScope: 'hello:chat' }), gateway)).toBeUndefined();
    expect(sharedScope(found, service(), elsewhere)).toBeUndefined();
  });

  test("what is not Fairway's takes the list of models too", () => {
    const foreign = other('large').map(route => ({ ...route, metadata: { ...route.metadata, labels: {} } }));
    expect(conflictingRoute(neighbours(foreign.slice(2), service(), gateway), service())).toBe('llm/other-models');
  });
});
