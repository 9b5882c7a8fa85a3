import { tinyService } from '../../../../test/fixtures/service.ts';
import { render } from './envoy/objects.ts';
import { envoyGateway } from './envoy/target.ts';
import { render as renderIstio } from './istio/objects.ts';

const gateway = { namespace: 'gateways', name: 'shared' };
const entrance = {
  gateway,
  listeners: ['http'],
  access: {
    issuer: 'https://issuer.example',
    audience: 'llm',
    jwksUrl: 'https://issuer.example/jwks',
    waf: { namespace: 'gateways', name: 'waf', port: 9003 },
  },
};
const weights = { candidate: { revision: 'b', weight: 100 } };
const service = (more: object = {}) =>
  tinyService({ namespace: 'llm', serving: { port: 9000 }, network: { from: 'gateway', ...more } });
const policyOf = (given: ReturnType<typeof tinyService>, rendered = render) =>
  rendered(given, entrance, weights).policies.find(({ kind }) => kind === 'NetworkPolicy');

test('a service that does not ask for it has none', () => {
  expect(policyOf(tinyService())).toBeUndefined();
});

test('the proxies of the gateway, and what the file names, reach the port of the engine in all versions and nothing else', () => {
  const policy = policyOf(service({ namespaces: ['metrics'], addresses: ['10.1.0.0/28'] }));
  const others = [
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'metrics' } } },
    { ipBlock: { cidr: '10.1.0.0/28' } },
  ];
  // the labels that Envoy Gateway gives its Envoys
  const envoys = {
    'gateway.envoyproxy.io/owning-gateway-name': 'shared',
    'gateway.envoyproxy.io/owning-gateway-namespace': 'gateways',
  };
  expect(policy).toMatchObject({
    metadata: { namespace: 'llm', labels: { 'app.kubernetes.io/name': 'hello' } },
    spec: {
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'hello' } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ namespaceSelector: {}, podSelector: { matchLabels: envoys } }, ...others],
          ports: [{ protocol: 'TCP', port: 9000 }],
        },
      ],
    },
  });
  expect(JSON.stringify(policy?.spec)).not.toContain('fairway.dev/revision');
});

test("the proxies of a gateway of Istio are those of its Gateway's namespace", () => {
  expect(JSON.stringify(policyOf(service(), renderIstio))).toContain(
    JSON.stringify({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gateways' } },
      podSelector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'shared' } },
    }),
  );
});

test('no controller is waited for that says whether it took the policy: none does', () => {
  const objects = render(service(), entrance, weights);
  expect(objects.policies.map(({ kind }) => kind)).toContain('NetworkPolicy');
  expect(envoyGateway.reported(objects).map(({ kind }) => kind)).not.toContain('NetworkPolicy');
});

test('the rights are those of the policy and of the pod that tries', () => {
  const rights = (given: ReturnType<typeof tinyService>) =>
    envoyGateway.needed(given, render(given, entrance, weights)).map(({ verb, resource }) => `${verb} ${resource}`);
  expect(rights(service())).toEqual(expect.arrayContaining(['patch networkpolicies', 'create pods']));
  expect(rights(tinyService())).not.toEqual(expect.arrayContaining(['patch networkpolicies']));
});
