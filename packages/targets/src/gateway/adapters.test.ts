import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { tinyService } from '../../../../test/fixtures/service.ts';
import { conflictingRoute, readGateway } from './conflict.ts';
import * as envoy from './envoy/objects.ts';
import { readListed as listedByEnvoy } from './envoy/shared-list.ts';
import { readListed as listedByIstio } from './istio/neighbours.ts';
import * as istio from './istio/objects.ts';
import { leaveSharedList } from './leave-list.ts';
import type { GatewayObjects } from './target.ts';

const gateway = { namespace: 'infra', name: 'edge' };
const entrance = {
  gateway,
  listeners: ['http'],
  access: {
    issuer: 'https://issuer.example',
    audience: 'urn:llm',
    jwksUrl: 'https://issuer.example/jwks',
    waf: { namespace: 'security', name: 'waf', port: 9003 },
  },
};
const weights = { candidate: { revision: 'b', weight: 0 }, stable: { revision: 'a', weight: 100 } };
const named = (names: readonly string[], more: object = {}) =>
  tinyService({
    namespace: 'llm',
    engine: { name: 'vllm' },
    model: {
      name: 'tiny',
      path: 'model/tiny',
      ...(names.length > 0 ? { adapters: names.map((name, at) => ({ name, path: `a${at}` })) } : {}),
    },
    ...more,
  });
const kinds = [
  ['Envoy Gateway', envoy, listedByEnvoy, 'EnvoyExtensionPolicy'],
  ['Istio', istio, listedByIstio, 'EnvoyFilter'],
] as const;

interface Match {
  readonly path: { readonly type: string; readonly value: string };
  readonly headers?: readonly { readonly type: string; readonly name: string; readonly value: string }[];
}
interface Rule {
  readonly name: string;
  readonly matches: readonly Match[];
}
const rulesOf = (object: unknown) => (object as { spec: { rules: Rule[] } }).spec.rules;
const everyObject = ({ grants, version, policies, answers, routes, patches, list }: GatewayObjects) => [
  ...[grants, version, policies, answers].flat(),
  ...[routes, patches, list].flat(),
];

/** A cluster that holds objects and nothing else. */
function holding(objects: readonly KubernetesObject[]): Cluster {
  const same = (one: KubernetesObject, other: KubernetesObject) =>
    one.kind === other.kind &&
    one.metadata.name === other.metadata.name &&
    one.metadata.namespace === other.metadata.namespace;
  return {
    get: (reference: KubernetesObject) => Promise.resolve(objects.find(object => same(object, reference))),
    list: (_version: string, kind: string) => Promise.resolve(objects.filter(object => object.kind === kind)),
  } as unknown as Cluster;
}

describe.each(kinds)('with %s', (_name, { render, readObsolete }, readListed, listKind) => {
  const rendered = (names: readonly string[], more: object = {}) => render(named(names, more), entrance, weights);

  test('each name is asked at the same version, and no other name is', () => {
    const [, chat] = rendered(['sql', 'team/chat']).routes;
    for (const rule of rulesOf(chat)) {
      const asked = rule.matches
        .filter(({ path }) => path.value === '/v1/chat/completions')
        .map(({ headers = [] }) => headers.filter(({ name }) => name === 'x-model'));
      expect(asked).toEqual(['tiny', 'sql', 'team/chat'].map(value => [{ type: 'Exact', name: 'x-model', value }]));
      // what is not one of them stays on the entry
      expect(rule.matches.every(({ headers }) => headers?.some(({ name }) => name === 'x-model'))).toBe(true);
    }
  });

  test('as many adapters as a service may have fit into the routes', () => {
    const { routes } = rendered(Array.from({ length: 12 }, (_, at) => `adapter-${at}`));
    for (const route of routes) {
      // HTTPRouteSpec.rules and HTTPRouteRule.matches of the Gateway API, and its rule for their sum
      const rules = rulesOf(route);
      expect(rules.length).toBeLessThanOrEqual(16);
      for (const { matches } of rules) expect(matches.length).toBeLessThanOrEqual(64);
      expect(rules.reduce((sum, { matches }) => sum + matches.length, 0)).toBeLessThanOrEqual(128);
      // SectionName of the Gateway API
      for (const { name } of rules)
        expect(name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
      expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    }
  });

  test('each name is answered by itself, and listed for those who may see the model', () => {
    const objects = rendered(['sql']);
    const models = rulesOf(objects.routes[2]).flatMap(({ matches }) => matches.map(({ path }) => path.value));
    expect(models).toEqual(expect.arrayContaining(['/v1/models/tiny', '/v1/models/sql']));
    const answered = JSON.stringify([...objects.answers, ...objects.patches]).replaceAll('\\"', '"');
    expect(answered).toContain('{"id":"sql","object":"model","created":0,"owned_by":"team"}');
    const { list } = objects;
    expect(list.some(({ kind }) => kind === listKind)).toBe(true);
    for (const name of ['tiny', 'sql']) expect(JSON.stringify(list)).toContain(name);
    expect(rendered([]).list).toEqual([]);
  });

  test('a neighbour with one of the names is a conflict, which is named, and all names are in the list of the host', async () => {
    const own = rendered(['sql']);
    const cluster = holding(everyObject(own));
    const second = (name: string, names: readonly string[] = []) =>
      tinyService({
        namespace: 'elsewhere',
        name: 'second',
        engine: { name: 'vllm' },
        model: {
          name,
          path: 'm',
          ...(names.length > 0 ? { adapters: names.map((one, at) => ({ name: one, path: `a${at}` })) } : {}),
        },
      });
    expect(conflictingRoute(own.routes, second('sql'))).toBe('llm/hello-chat');
    expect(conflictingRoute(own.routes, second('large', ['chat']))).toBeUndefined();
    const beside = await readGateway(cluster, second('large', ['chat', 'sql']), gateway);
    expect(beside).toMatchObject({ conflict: { code: 'gateway.taken', parameters: { model: 'sql' } } });
    const listed = await readListed(cluster, own.routes);
    expect(listed.map(({ model, owner }) => [model, owner])).toEqual([
      ['tiny', 'hello'],
      ['sql', 'hello'],
    ]);
    expect(listed[1]?.holders).toEqual(listed[0]?.holders);
    expect(listed[1]?.holders.length).toBeGreaterThan(0);
  });

  test('the list stays with a service that has adapters, and goes with the last of them', async () => {
    const own = rendered(['sql']);
    const leaving = { namespace: 'elsewhere', name: 'second', access: {} };
    const list = {
      readListed,
      kind: listKind,
      references: () => own.list.map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata })),
      written: (metadata: KubernetesObject['metadata'], models: readonly { readonly model: string }[]) => ({
        apiVersion: 'v1',
        kind: listKind,
        metadata,
        models: models.map(({ model }) => model),
      }),
    };
    const stays = await leaveSharedList(holding(everyObject(own)), gateway, leaving, list);
    expect(stays).toMatchObject({ removed: [], changed: [{ models: ['tiny', 'sql'] }] });

    const without = named([]);
    const obsolete = await readObsolete(
      holding(everyObject(own)),
      without,
      gateway,
      render(without, entrance, weights),
    );
    const gone = obsolete.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(gone).toEqual(
      expect.arrayContaining(
        own.list.filter(({ kind }) => kind === listKind).map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ),
    );
  });
});

test("an adapter that is gone leaves no answer at Envoy Gateway, and the others' stay", async () => {
  const three = envoy.render(named(['a', 'b', 'c']), entrance, weights);
  const one = named(['a']);
  const now = envoy.render(one, entrance, weights);
  const obsolete = await envoy.readObsolete(holding(three.answers), one, gateway, now);
  const names = (objects: readonly KubernetesObject[]) => objects.map(({ metadata }) => metadata.name);
  expect(names(obsolete)).toEqual(
    names(three.answers)
      .filter(name => !names(now.answers).includes(name))
      .toReversed(),
  );
  expect(obsolete).toHaveLength(2);
});

test('at Istio every rule without a Service has an answer of its own', () => {
  const { routes, patches } = istio.render(named(['sql', 'chat']), entrance, weights);
  const rules = routes.flatMap(rulesOf) as readonly (Rule & { readonly backendRefs?: readonly object[] })[];
  const { configPatches } = patches[0]?.spec as {
    configPatches: {
      match: { routeConfiguration: { vhost: { route: { name: string } } } };
      patch: { value: { direct_response?: { status: number; body_format: { json_format: { id?: string } } } } };
    }[];
  };
  const answers = configPatches.flatMap(({ match, patch: { value } }) =>
    value.direct_response
      ? [[match.routeConfiguration.vhost.route.name, value.direct_response.body_format.json_format.id] as const]
      : [],
  );
  const silent = rules.filter(({ backendRefs }) => backendRefs === undefined).map(({ name }) => name);
  expect(answers.map(([name]) => name).toSorted()).toEqual(silent.toSorted());
  const paths = new Map(rules.map(({ name, matches }) => [name, matches[0]?.path.value]));
  const byName = answers.filter(([, id]) => id !== undefined);
  expect(byName).toHaveLength(3);
  for (const [name, id] of byName) expect(paths.get(name)).toBe(`/v1/models/${id}`);
});
