import { tinyService } from '../../../../../test/fixtures/service.ts';
import { conflictingRoute } from './conflict.ts';
import type { Access } from './access.ts';
import { referenceGrant } from './grant.ts';
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
  matches: { path: { value: string }; headers?: unknown }[];
  timeouts: object;
  backendRefs: { name: string; weight: number }[];
}

const rulesOf = (object: unknown) => (object as { spec: { rules: Rule[] } }).spec.rules;

test('a candidate beside a stable version is only reached by its header', () => {
  const [chat] = routes(service(), gateway, {
    candidate: { revision: 'b', weight: 0 },
    stable: { revision: 'a', weight: 100 },
  });
  const [candidate, serving] = rulesOf(chat);
  expect(candidate?.backendRefs.map(backend => backend.name)).toEqual(['hello-b']);
  expect(
    candidate?.matches.every(
      match => JSON.stringify(match.headers) === '[{"type":"Exact","name":"x-fairway-revision","value":"b"}]',
    ),
  ).toBe(true);
  expect(serving?.matches.some(match => match.headers)).toBe(false);
  expect(serving?.backendRefs.map(({ name, weight }) => [name, weight])).toEqual([
    ['hello-b', 0],
    ['hello-a', 100],
  ]);
});

test('completions and the list of models are two routes, and no route cuts a stream', () => {
  const made = routes(service(), gateway, { candidate: { revision: 'b', weight: 100 } });
  const paths = made.map(route => [
    ...new Set(rulesOf(route).flatMap(rule => rule.matches.map(match => match.path.value))),
  ]);
  expect(paths).toEqual([
    ['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/responses'],
    ['/v1/models', '/v1/models/tiny', '/v1/models/'],
  ]);
  const served = made.flatMap(rulesOf).filter(rule => rule.backendRefs);
  expect(served).toHaveLength(4);
  expect(served.every(rule => JSON.stringify(rule.timeouts) === '{"request":"0s"}')).toBe(true);
});

test('the access log can name the service and its owner for requests of the model, and for nothing else', () => {
  const [chat, models] = routes(service(), gateway, { candidate: { revision: 'b', weight: 100 } });
  // Envoy Gateway hands annotations on whose name begins like this
  const handed = (annotations: object = {}) =>
    Object.entries(annotations).flatMap(([name, value]) => {
      const [, key] = /^gateway\.envoyproxy\.io\/(.*)$/.exec(name) ?? [];
      return key ? [[key, value]] : [];
    });
  expect(Object.fromEntries(handed(chat?.metadata.annotations))).toEqual({ service: 'hello', owner: service().owner });
  expect(handed(models?.metadata.annotations)).toEqual([]);
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
  expect(policies.map(policy => policy.metadata.name)).toEqual(['hello-chat', 'hello-models']);
  // who may ask the model may list it too: one token is enough for a client that does both
  for (const [index, scopes] of [['llm:chat'], ['llm:read', 'llm:chat']].entries()) {
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
      authorization: {
        defaultAction: 'Deny',
        rules: scopes.map(scope => ({ action: 'Allow', principal: { jwt: { scopes: [scope] } } })),
      },
      extAuth: {
        failOpen: false,
        statusOnError: 503,
        grpc: { backendRefs: [access.waf] },
        bodyToExtAuth: { maxRequestBytes: 1048576 },
      },
    });
  }
});

test('a right may be in a claim that is named, and tokens without an audience are bound to clients', () => {
  const [chat] = securityPolicies(service({ claims: ['realm_access.roles'] }), {
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
      ],
    },
  });
  expect((chat?.spec as { jwt: { providers: object[] } }).jwt.providers[0]).not.toHaveProperty('audiences');
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
  expect(referenceGrant(service(), access.waf)).toMatchObject({
    metadata: { name: 'fairway-llm-waf', namespace: 'fairway-system' },
    spec: { from: [{ kind: 'SecurityPolicy', namespace: 'llm' }], to: [{ kind: 'Service', name: 'waf' }] },
  });
});

describe('a route of another service', () => {
  const other = (hostname?: string) =>
    routes({ ...service(hostname ? { hostname } : {}), name: 'other' }, gateway, {
      candidate: { revision: 'x', weight: 100 },
    });
  const elsewhere = { namespace: 'fairway-system', name: 'another-gateway' };

  test.each([
    ['both for every host', other(), service(), gateway, 'llm/other-chat'],
    ['the same host', other('a.example'), service({ hostname: 'a.example' }), gateway, 'llm/other-chat'],
    ['another host', other('a.example'), service({ hostname: 'b.example' }), gateway, undefined],
    ['a host of its own beside one for every host', other(), service({ hostname: 'b.example' }), gateway, undefined],
    ['another gateway', other(), service(), elsewhere, undefined],
    [
      "the service's own routes",
      routes(service(), gateway, { candidate: { revision: 'x', weight: 100 } }),
      service(),
      gateway,
      undefined,
    ],
  ])('%s', (_name, found, own, where, expected) => {
    expect(conflictingRoute(found, own, where)).toBe(expected);
  });
});
