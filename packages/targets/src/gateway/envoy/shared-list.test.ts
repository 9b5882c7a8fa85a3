import { tinyService } from '../../../../../test/fixtures/service.ts';
import { luaText } from '../lua-text.ts';
import { listReferences, sharedList } from './shared-list.ts';

const entrance = {
  gateway: { namespace: 'infra', name: 'edge' },
  listeners: ['http'],
  access: {
    issuer: 'https://issuer.example',
    audience: 'urn:llm',
    jwksUrl: 'https://issuer.example/jwks',
    waf: { namespace: 'security', name: 'waf', port: 9003 },
  },
};
const service = tinyService({ namespace: 'llm', access: { hostname: 'llm.example' } });
const others = [{ model: 'large', owner: 'other', holders: [{ scopes: ['x"] os.exit() --'] }] }];

test('what other teams wrote is a text in the program and nothing else', () => {
  expect(luaText('a"\n]]é\\')).toBe('"a\\034\\010\\093\\093\\195\\169\\092"');
  const policy = sharedList(service, entrance, others).find(({ kind }) => kind === 'EnvoyExtensionPolicy');
  const { inline } = (policy?.spec as { lua: { inline: string }[] }).lua[0]!;
  expect(inline).not.toContain('os.exit()');
  expect(inline).toContain('x\\034\\093 os.exit\\040\\041 --');
});

test('the list lies beside the gateway, guarded like an entry and more specific than the lists of services', () => {
  const objects = sharedList(service, entrance, others);
  expect(objects.every(({ metadata }) => metadata.namespace === 'infra' || metadata.namespace === 'security')).toBe(
    true,
  );
  const names = listReferences(service, entrance.gateway).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(expect.arrayContaining(names));
  expect(objects.at(-1)).toMatchObject({
    kind: 'HTTPRoute',
    spec: { hostnames: ['llm.example'], rules: [{ matches: [{ method: 'GET', path: { value: '/v1/models' } }] }] },
  });
  expect(objects.find(({ kind }) => kind === 'SecurityPolicy')?.spec).toMatchObject({
    jwt: { providers: [{ audiences: ['urn:llm'] }] },
    extAuth: { failOpen: false },
  });
});

test('a service by itself has a list of its own', () => {
  expect(sharedList(service, entrance, [])).toEqual([]);
});
