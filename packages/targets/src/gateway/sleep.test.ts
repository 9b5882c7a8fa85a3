import { coldStartSeconds } from '@fairway/engines';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import { english } from '@fairway/service/reasons/delivery-reason';
import { tinyService } from '../../../../test/fixtures/service.ts';
import { render } from './envoy/objects.ts';
import { istioGateway } from './istio/target.ts';

const gateway = { namespace: 'gateways', name: 'shared' };
const access = {
  issuer: 'https://issuer.example',
  audience: 'llm',
  jwksUrl: 'https://issuer.example/jwks',
  waf: { namespace: 'gateways', name: 'waf', port: 9003 },
};
const service = (min: number, more: object = {}) =>
  tinyService({ scaling: { min, max: 4, prometheus: 'http://prometheus:9090' }, ...more });
const policies = (...given: Parameters<typeof service>) =>
  render(service(...given), { gateway, listeners: ['http'], access }, { candidate: { revision: 'b', weight: 100 } })
    .policies;
const policy = <T>(kind: string, ...given: Parameters<typeof service>) =>
  policies(...given).find(object => object.kind === kind)!['spec'] as T;

interface Traffic {
  readonly timeout: { readonly http: Readonly<Record<string, string>> };
}

test('the gateway waits for a whole start, and for the answer after it', () => {
  const seconds = longestStreamSeconds(service(0)) + coldStartSeconds(service(0));
  expect(policy<Traffic>('BackendTrafficPolicy', 0).timeout.http).toMatchObject({
    requestTimeout: '0s',
    streamIdleTimeout: `${seconds}s`,
    maxStreamDuration: `${seconds}s`,
  });
});

test('for a service that has pods it waits as long as ever', () => {
  const { timeout } = policy<Traffic>('BackendTrafficPolicy', 1);
  expect(timeout.http['maxStreamDuration']).toBe(`${longestStreamSeconds(service(1))}s`);
});

interface Ingress {
  readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly ingress: readonly {
    readonly from?: readonly object[];
    readonly ports: readonly { readonly port: number }[];
  }[];
}

test('who may not reach the engine may not reach what holds its requests, and that reaches the engine', () => {
  const { podSelector, ingress } = policy<Ingress>('NetworkPolicy', 0, { network: { from: 'gateway' } });
  expect(podSelector).toEqual({ matchLabels: { 'app.kubernetes.io/name': 'hello' } });
  const activator = { 'app.kubernetes.io/name': 'hello', 'app.kubernetes.io/managed-by': 'fairway-activator' };
  expect(ingress[0]?.from).toContainEqual({ podSelector: { matchLabels: activator } });
  expect(ingress[1]).toEqual({ ports: [{ protocol: 'TCP', port: 9465 }] });
  const awake = policy<Ingress>('NetworkPolicy', 1, { network: { from: 'gateway' } });
  expect(awake.ingress).toHaveLength(1);
  expect(awake.podSelector.matchLabels).toHaveProperty(['app.kubernetes.io/managed-by'], 'fairway');
});

test('Istio does not say what Envoy Gateway says, and is rejected before it is asked anything', async () => {
  const problem = await istioGateway.unready({} as never, service(0), gateway, access);
  expect(problem && english(problem)).toMatch(
    /^`scaling\.min: 0` goes by what Envoy Gateway counts, .* Istio\. Set it to 1 or more/,
  );
});
