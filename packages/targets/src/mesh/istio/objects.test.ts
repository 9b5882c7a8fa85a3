import { tinyService } from '../../../../../test/fixtures/service.ts';
import { membership, spiffeName } from './identity.ts';
import { versionMeshObjects } from './objects.ts';
import { strangers } from './strangers.ts';

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
