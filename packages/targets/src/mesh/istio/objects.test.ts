import { tinyService } from '../../../../../test/fixtures/service.ts';
import { membership, spiffeName } from './identity.ts';
import { versionMeshObjects } from './objects.ts';
import { fromGatewayOnly } from './network-policy.ts';
import { ambientStrangers, strangers } from './strangers.ts';

const service = (more: object = {}) => tinyService({ namespace: 'llm', mesh: { mtls: 'istio' }, ...more });
const gateway = 'example.org/ns/gateways/sa/gateway';
const inputs = { 'gateway-principal': gateway, 'istio-interception': 'none' };

interface Policy {
  spec: { rules: { from: { source: { principals: string[] } }[]; to: { operation: { paths: string[] } }[] }[] };
}
interface Sidecar {
  spec: { ingress: { port: { number: number }; defaultEndpoint: string; captureMode: string }[] };
}

const objectOf = (kind: string, ...given: Parameters<typeof versionMeshObjects>) =>
  versionMeshObjects(...given).find(object => object.kind === kind) as unknown;

test('a service without mesh needs no inputs', () => {
  expect(membership(tinyService(), { 'istio-interception': 'none' })).toBeUndefined();
});

test.each([undefined, '', 'spiffe://example.org/ns/a/sa/b', 'example.org/ns/a'])(
  'an identity that is none, %s, is said with what to do',
  principal => {
    expect(() => membership(service(), { ...inputs, 'gateway-principal': principal })).toThrow(
      /input gateway-principal must be .*; found .*up --with mesh/,
    );
  },
);

test('only the identity of the gateway is let in, and only where the OpenAI API is', () => {
  const mesh = membership(service(), inputs)!;
  const [rule] = (objectOf('AuthorizationPolicy', service(), 'a', mesh) as Policy).spec.rules;
  expect(rule!.from).toEqual([{ source: { principals: [gateway] } }]);
  expect(rule!.to[0]!.operation.paths).not.toContain('/metrics');
  expect(spiffeName(service(), mesh)).toBe('spiffe://example.org/ns/llm/sa/hello');
});

test.each([
  [8080, 'none', 'NONE'],
  [8443, 'redirect', 'DEFAULT'],
] as const)('the proxy and an engine at %d have a port each', (port, interception, captureMode) => {
  const at = service({ serving: { port } });
  const mesh = membership(at, { ...inputs, 'istio-interception': interception })!;
  const [ingress] = (objectOf('Sidecar', at, 'a', mesh) as Sidecar).spec.ingress;
  expect(ingress).toMatchObject({ defaultEndpoint: `127.0.0.1:${port}`, captureMode });
  expect(ingress!.port.number).not.toBe(port);
});

const ambient = {
  ...inputs,
  'istio-interception': 'ambient',
  'metrics-principal': 'example.org/ns/metrics/sa/prometheus',
};

// What the proxy of a node enforces is the table of https://istio.io/latest/docs/ambient/usage/l4-policy/#allowed-policy-attributes: one other
// attribute, and nobody comes through
test('without sidecars the policy is about connections alone, and Prometheus may come too', () => {
  const mesh = membership(service(), ambient)!;
  const objects = versionMeshObjects(service(), 'a', mesh);
  expect(objects.map(({ kind }) => kind)).toEqual(['PeerAuthentication', 'AuthorizationPolicy']);
  const { rules } = (objects[1] as unknown as Policy).spec;
  expect(rules).toEqual([
    {
      from: [{ source: { principals: [gateway, 'example.org/ns/metrics/sa/prometheus'] } }],
      to: [{ operation: { ports: ['8080'] } }],
    },
  ]);
});

// https://istio.io/latest/docs/ambient/usage/networkpolicy/
test('without sidecars the NetworkPolicy lets the tunnel through, and the probes of the kubelet', () => {
  const mesh = membership(service(), ambient)!;
  const proxies = { podSelector: { matchLabels: { a: 'gateway' } } };
  expect(fromGatewayOnly(service(), 'a', proxies, mesh)).toMatchObject({
    spec: {
      ingress: [
        {
          from: [proxies, { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'metrics' } } }],
          ports: [{ protocol: 'TCP', port: 15008 }],
        },
        { from: [{ ipBlock: { cidr: '169.254.7.127/32' } }], ports: [{ protocol: 'TCP', port: 8080 }] },
      ],
    },
  });
});

// a policy that names Egress denies what it does not list (https://kubernetes.io/docs/concepts/services-networking/network-policies/#policytypes)
test('pods that fetch files reach where these are, also those that come after the policy', () => {
  const policy = (model: object) =>
    fromGatewayOnly({ ...service(), model: { ...service().model, ...model } }, 'a', {})['spec'];
  expect(policy({})).toMatchObject({ policyTypes: ['Ingress', 'Egress'], egress: expect.any(Array) });
  const reference = `hf://team/tiny@${'0'.repeat(40)}`;
  for (const model of [
    { weights: { from: 'hub' } },
    { weights: { from: 'bucket', bucket: 's3://models/tiny', hashes: 'hub' } },
    { weights: { from: 'artifact', image: `r.example.com/m@sha256:${'a'.repeat(64)}`, pull: 'init' } },
    { weights: { from: 'volume', claim: 'models', hashes: 'hub' } },
    { adapters: [{ name: 'sql', reference, rank: 16 }] },
  ]) {
    expect(policy(model)).toMatchObject({ policyTypes: ['Ingress'] });
    expect(policy(model)).not.toHaveProperty('egress');
  }
  const mounted = { weights: { from: 'volume', claim: 'models', hashes: `sha256:${'a'.repeat(64)}` } };
  expect(policy(mounted)).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
});

test('an identity of Prometheus is for a mesh without sidecars', () => {
  const principal = { 'metrics-principal': 'example.org/ns/metrics/sa/prometheus' };
  expect(() => membership(service(), { ...inputs, ...principal })).toThrow(/istio-interception none.*port 15020/);
  expect(() => membership(service(), { ...ambient, 'metrics-principal': 'prometheus' })).toThrow(/found "prometheus"/);
  expect(() => membership(service(), { ...inputs, 'istio-interception': 'sidecar' })).toThrow(
    /none, redirect or ambient/,
  );
});

test('without sidecars one pod that looks is of the mesh, and the others are kept out of it', () => {
  const mesh = membership(service(), ambient)!;
  const { member, plain, outsider } = ambientStrangers(service(), 'a', mesh, 'image');
  const mode = ({ metadata }: { metadata: { labels?: Readonly<Record<string, string>> } }) =>
    metadata.labels?.['istio.io/dataplane-mode'];
  expect([member, plain, outsider].map(mode)).toEqual(['ambient', 'none', 'none']);
  for (const { metadata } of [member, plain, outsider])
    expect(metadata.labels).toMatchObject({ 'sidecar.istio.io/inject': 'false' });
  const accounts = [member, plain].map(({ spec }) => (spec as { serviceAccountName?: string }).serviceAccountName);
  expect(accounts).toEqual(['hello-mesh-probe', undefined]);
});

test('the pod that only looks is none of the version, and the policy that lets it in is for it alone', () => {
  const mesh = membership(service(), inputs)!;
  const { member, outsider, needed } = strangers(service(), 'a', mesh, { pod: '10.0.0.1', image: 'image' });
  for (const { metadata } of [member, outsider]) expect(metadata.labels).not.toHaveProperty('app.kubernetes.io/name');
  const policy = needed.find(({ kind }) => kind === 'NetworkPolicy') as unknown as {
    spec: { ingress: { from: { podSelector: { matchLabels: Record<string, string> } }[] }[] };
  };
  const { matchLabels } = policy.spec.ingress[0]!.from[0]!.podSelector;
  expect(member.metadata.labels).toMatchObject(matchLabels);
  expect(outsider.metadata.labels).not.toMatchObject(matchLabels);
});
