import { sharesOf } from '@fairway/clients/kubernetes/traffic';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import { ClusterSeries } from '@fairway/indicators';
import { tinyService } from '../../../../../test/fixtures/service.ts';
import { conflictingRoute } from '../conflict.ts';
import { withShares } from '../places.ts';
import { render } from './objects.ts';
import { unsupported } from './readiness.ts';
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
  expect(new Set(types)).toEqual(new Set(['ResponseHeaderModifier']));
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

test('what Istio has not is said with what to do', () => {
  expect(unsupported(service())).toBeUndefined();
  expect(unsupported(service({ cache: {}, access: { tokensPerDay: 10 } }))).toMatch(
    /asks for cache, access\.tokensPerDay in fairway\.yaml.*Take them out, or name a Gateway of Envoy Gateway/,
  );
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
