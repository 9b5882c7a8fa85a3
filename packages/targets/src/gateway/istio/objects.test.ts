import { english } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { sharesOf } from '@fairway/clients/kubernetes/traffic';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import { ClusterSeries } from '@fairway/indicators';
import { tinyService } from '../../../../../test/fixtures/service.ts';
import { conflictingRoute } from '../conflict.ts';
import { withShares } from '../places.ts';
import { render } from './objects.ts';
import { unready } from './readiness.ts';
import { serviceTraffic, versionTraffic } from './traffic.ts';

const gateway = { namespace: 'infra', name: 'edge' };
const access = {
  issuer: 'https://issuer.example',
  audience: 'urn:llm',
  jwksUrl: 'https://issuer.example/jwks',
  waf: { namespace: 'security', name: 'waf', port: 9003 },
};
const entrance = { gateway, listeners: ['http'], access };
const weights = { candidate: { revision: 'b', weight: 0 }, stable: { revision: 'a', weight: 100 } };
const service = (more: object = {}) => tinyService({ namespace: 'llm', ...more });

interface Rule {
  readonly name: string;
  readonly backendRefs?: readonly { readonly name: string }[];
  readonly filters?: readonly { readonly type: string }[];
}
interface Allowed {
  readonly to?: readonly { readonly operation: { readonly paths: readonly string[] } }[];
  readonly when: readonly { readonly key: string; readonly values: readonly string[] }[];
}

const rulesOf = (object: unknown) => (object as { spec: { rules: Rule[] } }).spec.rules;
const allowedOf = (object: unknown) => (object as { spec: { rules: Allowed[] } }).spec.rules;

test('every rule has a name of its own, by which Istio calls its routes, and no filter that Istio has not', () => {
  const rules = render(service(), entrance, weights).routes.flatMap(rulesOf);
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  const types = rules.flatMap(({ filters = [] }) => filters.map(({ type }) => type));
  // of the core of the Gateway API
  expect(new Set(types)).toEqual(new Set(['RequestHeaderModifier', 'ResponseHeaderModifier']));
});

test('what is patched are rules of the service, each of which is there', () => {
  const { routes, patches } = render(service(), entrance, weights);
  const names = routes.flatMap(rulesOf).map(({ name }) => name);
  const spec = patches[0]?.spec as {
    configPatches: { match: { routeConfiguration: { vhost: { route: { name: string } } } } }[];
  };
  const patched = spec.configPatches.map(({ match }) => match.routeConfiguration.vhost.route.name);
  expect([...patched].sort()).toEqual([...names].sort());
});

test('the firewall hears which service a route is of, and its model at the route that the model finds', () => {
  const { configPatches } = render(service(), entrance, weights).patches[0]!.spec as {
    configPatches: {
      match: { routeConfiguration: { vhost: { route: { name: string } } } };
      patch: {
        value: { typed_per_filter_config?: Record<string, { check_settings?: { context_extensions: object } }> };
      };
    }[];
  };
  const heard = (rule: string) =>
    configPatches.find(({ match }) => match.routeConfiguration.vhost.route.name === rule)?.patch.value
      .typed_per_filter_config?.['fairway.waf_body']?.check_settings?.context_extensions;
  const place = { namespace: 'llm', service: 'hello' };
  expect(heard('llm.hello-entry.no-model')).toEqual(place);
  expect(heard('llm.hello-chat.serving')).toEqual({ ...place, model: 'tiny' });
  expect(heard('llm.hello-models.serving')).toEqual(place);
});

test('the serving rule has the weights as everywhere, and requests that name the candidate are counted apart', () => {
  const [, chat] = render(service(), entrance, weights).routes;
  const route = chat as HttpRoute;
  expect(Object.fromEntries(sharesOf(route, 'hello'))).toEqual({ a: 100, b: 0 });
  const moved = withShares(
    route,
    'hello',
    new Map([
      ['a', 75],
      ['b', 25],
    ]),
  ) as HttpRoute;
  expect(Object.fromEntries(sharesOf(moved, 'hello'))).toEqual({ a: 75, b: 25 });
  const named = rulesOf(chat)
    .find(({ name }) => name.endsWith('.candidate'))
    ?.backendRefs?.map(({ name }) => name);
  const services = render(service(), entrance, weights).version.filter(({ kind }) => kind === 'Service');
  expect(named).toEqual(services.map(({ metadata }) => metadata.name));
  const { answers } = versionTraffic(route, 'hello', 'b', ClusterSeries.labelled())!;
  expect(answers).toContain('hello-b\\\\.llm');
  expect(answers).not.toContain('named');
  expect(versionTraffic(route, 'hello', 'c', ClusterSeries.labelled())).toBeUndefined();
});

test('a right holds at the routes of its service alone, for tokens of its issuer and audience, in scope or scp', () => {
  const roles = [{ name: 'reader', operations: ['embeddings'] }];
  const [policy] = render(service({ access: { roles, claims: ['realm_access.roles'] } }), entrance, weights).policies;
  const [entry, ...rights] = allowedOf(policy);
  const valueOf = ({ when }: Allowed, key: string) => when.find(one => one.key === key)?.values;
  for (const rule of allowedOf(policy)) {
    expect(valueOf(rule, 'request.headers[x-fairway-place]')?.[0]).toMatch(/^llm\.hello-(entry|chat|models)\.\*$/);
    expect(valueOf(rule, 'request.auth.claims[iss]')).toEqual([access.issuer]);
    expect(valueOf(rule, 'request.auth.audiences')).toEqual([access.audience]);
  }
  expect(entry?.when).toHaveLength(3);
  // without something that the token must hold, everybody would be let in
  expect(rights.every(({ when }) => when.length > 3)).toBe(true);
  const reader = rights.filter(({ when }) => JSON.stringify(when).includes('"reader"'));
  expect(reader.map(({ when }) => when.at(-1)?.key)).toEqual([
    'request.auth.claims[scope]',
    'request.auth.claims[scp]',
    'request.auth.claims[realm_access][roles]',
  ]);
  expect(reader.map(({ to }) => to?.[0]?.operation.paths)).toEqual([
    ['/v1/embeddings'],
    ['/v1/embeddings'],
    ['/v1/embeddings'],
  ]);
});

// crd-all.gen.yaml of Istio: AuthorizationPolicy, spec.rules.maxItems
test('as many roles and claims as a service may have fit into one policy', () => {
  const roles = Array.from({ length: 16 }, (_, index) => ({
    name: `role ${index}`,
    operations: ['chat', 'completions', 'embeddings', 'models'],
  }));
  const claims = Array.from({ length: 8 }, (_, index) => `claim_${index}`);
  const { policies } = render(service({ access: { roles, claims } }), entrance, weights);
  const { rules } = policies.find(({ kind }) => kind === 'AuthorizationPolicy')!.spec as {
    rules: { to?: { operation: { paths: string[] } }[] }[];
  };
  expect(rules.length).toBeLessThanOrEqual(512);
  // 16 roles in 8 claims each
  const some = rules.filter(({ to }) => to);
  expect(some).toHaveLength(128);
  for (const { to } of some)
    expect(to).toEqual([{ operation: { paths: ['/v1/chat/completions', '/v1/completions', '/v1/embeddings'] } }]);
});

test('a neighbour of the same model is a conflict, another one is none, and both are in the list of the host', () => {
  const others = [{ model: 'large', owner: 'other', holders: [{ scopes: ['x"] os.exit() --'] }] }];
  const { list, routes } = render(service(), entrance, weights, others);
  const same = tinyService({ namespace: 'elsewhere', name: 'second' });
  expect(conflictingRoute(routes, same)).toBe('llm/hello-chat');
  expect(conflictingRoute(routes, tinyService({ model: { name: 'large', path: 'x' } }))).toBeUndefined();
  expect(list.map(({ kind }) => kind)).toEqual(['AuthorizationPolicy', 'EnvoyFilter', 'HTTPRoute']);
  const text = JSON.stringify(list[1]);
  expect(text).toContain('tiny');
  expect(text).not.toContain('os.exit()');
});

/** What the service's filter adds to the route of Envoy with the name of a rule. */
function added(rule: string, more: object = {}) {
  const { configPatches } = render(service(more), entrance, weights).patches[0]!.spec as {
    configPatches: {
      match: { routeConfiguration: { vhost: { route: { name: string } } } };
      patch: {
        value: {
          metadata?: { filter_metadata: Record<string, unknown> };
          typed_per_filter_config?: Record<string, Record<string, unknown>>;
        };
      };
    }[];
  };
  return configPatches.find(({ match }) => match.routeConfiguration.vhost.route.name === rule)!.patch.value;
}

test.each(['llm.hello-chat.serving', 'llm.hello-chat.candidate', 'llm.hello-models.serving'])(
  'limits of tokens go with requests of the route %s, and are charged when an answer has ended',
  rule => {
    const access = { tokensPerMinute: 1000, tokensPerDay: 50_000 };
    const { metadata, typed_per_filter_config: filters } = added(rule, { access });
    const limits = metadata!.filter_metadata['fairway.found_route'] as {
      limits: Record<string, { requests_per_unit: number; unit: string }>;
    };
    expect(limits.limits).toMatchObject({
      tokens_Minute: { requests_per_unit: 1000, unit: 'MINUTE' },
      tokens_Day: { requests_per_unit: 50_000, unit: 'DAY' },
    });
    const { rate_limits: counted } = filters!['fairway.limits_open'] as {
      rate_limits: {
        actions: { generic_key?: { descriptor_value: string } }[];
        limit: { dynamic_metadata: { metadata_key: { key: string; path: { key: string }[] } } };
        hits_addend: { number?: number; format?: string };
        apply_on_stream_done?: boolean;
      }[];
    };
    for (const name of Object.keys(limits.limits)) {
      const of = counted.filter(({ limit }) => limit.dynamic_metadata.metadata_key.path[0]!.key === name);
      // for each client, and for tokens that name none; another service's or another limit's counter is another one
      expect(of.map(({ actions }) => actions.map(({ generic_key: key }) => key?.descriptor_value))).toEqual(
        of.map(() => ['llm/hello', name, undefined]),
      );
      const before = of.filter(one => !one.apply_on_stream_done).map(one => one.hits_addend.number);
      const after = of.filter(one => one.apply_on_stream_done).map(one => one.hits_addend.format);
      const { requests_per_unit: most } = limits.limits[name]!;
      if (name === 'requests_Minute') expect([before.map(each => most / each!), after]).toEqual([[600, 600], []]);
      else expect([before, after]).toEqual([[0, 0], Array(2).fill('%DYNAMIC_METADATA(llm:total_tokens)%')]);
    }
    // two filters would write these headers one behind the other
    expect(filters!['fairway.user_limit']).not.toHaveProperty('enable_x_ratelimit_headers');
  },
);

test('a service says by the filter that it names what happens while nobody counts, and without limits of tokens names none', () => {
  const named = (more: object) =>
    Object.keys(added('llm.hello-chat.serving', more).typed_per_filter_config!).filter(name => /limits_/.test(name));
  expect(named({})).toEqual([]);
  expect(named({ access: { tokensPerDay: 1 } })).toEqual(['fairway.limits_open']);
  expect(named({ access: { tokensPerDay: 1, limitsUnavailable: 'deny' } })).toEqual(['fairway.limits_closed']);
});

test('the response cache hears at the route that the model finds that it is asked for, and of which service', () => {
  const resource = (rule: string, more: object) =>
    (added(rule, more).metadata?.filter_metadata['envoy-gateway'] as { resources: object[] } | undefined)?.resources[0];
  expect(resource('llm.hello-chat.serving', { cache: { ttl: 60 } })).toMatchObject({
    namespace: 'llm',
    annotations: { service: 'hello', cache: expect.stringContaining('"ttl":60') },
  });
  expect(resource('llm.hello-chat.serving', {})).not.toHaveProperty('annotations.cache');
  expect(resource('llm.hello-models.serving', { cache: {} })).toBeUndefined();
});

test('the filters of the gateway read at the route that the model finds how many requests may run, and what happens while nobody counts', () => {
  const annotations = (rule: string, access: object) =>
    (
      added(rule, { access }).metadata?.filter_metadata['envoy-gateway'] as
        { resources: { annotations: object }[] } | undefined
    )?.resources[0]?.annotations;
  const chat = 'llm.hello-chat.serving';
  expect(annotations(chat, { concurrentRequests: 4 })).toMatchObject({
    concurrentRequests: '4',
    limitsUnavailable: 'allow',
  });
  expect(annotations(chat, { concurrentRequests: 4, limitsUnavailable: 'deny' })).toMatchObject({
    limitsUnavailable: 'deny',
  });
  // the filter that denies has no other sign of a service without the limit
  expect(annotations(chat, { limitsUnavailable: 'deny' })).not.toHaveProperty('limitsUnavailable');
  expect(annotations('llm.hello-models.serving', { concurrentRequests: 4 })).toBeUndefined();
});

test.each([
  ['cache', { cache: {} }, 'fairway.cache', /asks for cache .*filter fairway\.cache.*parts\/cache/],
  [
    'running requests',
    { access: { concurrentRequests: 4 } },
    'fairway.concurrency',
    /asks for a limit of running requests .*parts\/concurrency/,
  ],
  ['limits', { access: { tokensPerDay: 1 } }, 'fairway.limits_open', /asks for limits of tokens .*parts\/rate-limit/],
])('a gateway without the filter for %s is said, though services name it', async (_, more, filter, says) => {
  const targetRefs = [{ kind: 'Gateway', name: 'edge' }];
  const platform = (names: readonly string[]) => ({
    spec: { targetRefs, configPatches: names.map(name => ({ patch: { value: { name } } })), waf: 'waf.security.svc' },
  });
  const objects = (names: readonly string[]): Record<string, object[]> => ({
    EnvoyFilter: [platform(names), render(service(more), entrance, weights).patches[0]!],
    AuthorizationPolicy: [{ spec: { targetRefs } }],
    RequestAuthentication: [
      { spec: { targetRefs, jwtRules: [{ issuer: access.issuer, audiences: [access.audience] }] } },
    ],
  });
  const said = async (names: readonly string[]) => {
    const cluster = { list: async (_api: string, kind: string) => objects(names)[kind] } as unknown as Cluster;
    const reason = await unready(cluster, service(more), gateway, access);
    return reason && english(reason);
  };
  expect(await said(['fairway.found_route'])).toMatch(says);
  expect(await said(['fairway.found_route', filter])).toBeUndefined();
});

test("another service's name that begins alike does not count", () => {
  const { selector } = serviceTraffic({ namespace: 'llm', name: 'hello' }, ClusterSeries.labelled());
  const text = /cluster_name=~"(.*)"/.exec(selector)?.[1]?.replaceAll('\\\\', '\\') ?? '';
  const pattern = new RegExp(`^${text}$`);
  expect('outbound|8080||hello-0a1b.llm.svc.cluster.local').toMatch(pattern);
  expect('outbound|8080||hello-0a1b-named.llm.svc.cluster.local').toMatch(pattern);
  expect('outbound|8080||hello-world-0a1b.llm.svc.cluster.local').not.toMatch(pattern);
  expect('outbound|8080||hello-0a1b.other.svc.cluster.local').not.toMatch(pattern);
});
