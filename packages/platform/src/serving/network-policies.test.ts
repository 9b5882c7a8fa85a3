import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { parseManifest } from './manifests.ts';
import { platformTemplate } from './overlay.ts';

type Labels = Readonly<Record<string, string>>;
interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string }[];
}
interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
}
interface Policy extends KubernetesObject {
  readonly spec: {
    readonly podSelector: Selector;
    readonly ingress: readonly {
      readonly from?: readonly Peer[];
      readonly ports: readonly { readonly port: number }[];
    }[];
  };
}
interface Pod {
  readonly namespace: string;
  readonly labels: Labels;
}

async function policies(folder: string, namespace?: string): Promise<readonly Policy[]> {
  const root = join(platformTemplate, folder);
  const files = (await readdir(root)).filter(name => name.endsWith('.yaml') && name !== 'config.yaml');
  const read = await Promise.all(
    files.map(async file => parseManifest(await readFile(join(root, file), 'utf8'), file)),
  );
  return read
    .flat()
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map(one => ({ ...one, metadata: { namespace, ...one.metadata } }) as Policy);
}

/** As the API of Kubernetes says: pods that a policy selects are closed but for what a rule lets in. */
function reaches(all: readonly Policy[], from: Pod, to: Pod, port: number): boolean {
  const closed = all.filter(
    ({ metadata, spec }) => metadata.namespace === to.namespace && selects(spec.podSelector, to.labels),
  );
  return (
    closed.length === 0 ||
    closed.some(({ spec }) =>
      spec.ingress.some(
        rule =>
          rule.ports.some(one => one.port === port) &&
          (rule.from === undefined ||
            rule.from.some(
              ({ podSelector, namespaceSelector }) =>
                (namespaceSelector
                  ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': from.namespace })
                  : from.namespace === to.namespace) && selects(podSelector ?? {}, from.labels),
            )),
      ),
    )
  );
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
    matchExpressions.every(({ key, operator }) => operator === 'Exists' && labels[key] !== undefined)
  );
}

const pod = (namespace: string, name: string, more: Labels = {}): Pod => ({
  namespace,
  labels: { 'app.kubernetes.io/name': name, ...more },
});
// as Envoy Gateway and Istio label the pods that they start
const proxy = pod('envoy-gateway-system', 'envoy', { 'app.kubernetes.io/component': 'proxy' });
const limits = pod('envoy-gateway-system', 'envoy-ratelimit');
const istio = pod('fairway-system', 'istio', { 'gateway.networking.k8s.io/gateway-name': 'istio' });
const portal = pod('fairway-portal', 'fairway-portal');
const waf = pod('fairway-system', 'waf');
const cache = pod('fairway-system', 'cache');
const concurrency = pod('fairway-system', 'concurrency');
const redis = pod('fairway-system', 'redis');
const istioLimits = pod('fairway-system', 'rate-limit');
const ledger = pod('fairway-ledger', 'ledger');
const postgres = pod('fairway-ledger', 'postgres');
const shipper = pod('fairway-logs', 'log-shipper');
const opensearch = pod('fairway-logs', 'log-store');
const elastic: Pod = {
  namespace: 'fairway-logs',
  labels: { 'elasticsearch.k8s.elastic.co/cluster-name': 'log-store' },
};
const operator = pod('elastic-system', 'elastic-operator');

test.each([
  { folder: 'parts/waf', to: waf, port: 9003, from: [proxy, istio] },
  { folder: 'parts/cache', to: cache, port: 9005, from: [proxy, istio] },
  { folder: 'parts/concurrency', to: concurrency, port: 9006, from: [proxy, istio] },
  { folder: 'parts/redis', to: redis, port: 6379, from: [cache, concurrency, limits, istioLimits] },
  { folder: 'parts/postgres', to: postgres, port: 5432, from: [ledger, portal] },
  { folder: 'parts/envoy-gateway', to: limits, port: 8081, from: [proxy] },
  { folder: 'parts/rate-limit', to: istioLimits, port: 8081, from: [istio] },
  { folder: 'parts/log-store', to: elastic, port: 9200, from: [shipper, portal, operator, elastic] },
  { folder: 'parts/log-store', to: elastic, port: 9300, from: [elastic] },
  { folder: 'overlays/laptop/logs', to: opensearch, port: 9200, from: [shipper] },
])('$folder lets in at $port who needs it, and no other pod', async ({ folder, to, port, from }) => {
  const all = await policies(folder, to.namespace);
  const others = [
    // of a team, under any name that a team may give, in its namespace and in none of the platform's
    ...[proxy, limits, istio, istioLimits, portal, cache, concurrency, ledger, shipper, elastic, operator].map(
      ({ labels }) => ({
        namespace: 'team-a',
        labels,
      }),
    ),
    ...[waf, cache, concurrency, ledger, limits, istioLimits, portal].filter(one => !from.includes(one) && one !== to),
  ];
  expect(from.map(one => reaches(all, one, to, port))).toEqual(from.map(() => true));
  expect(others.filter(one => reaches(all, one, to, port))).toEqual([]);
});

test.each([
  { folder: 'parts/cache', to: cache, port: 9464 },
  { folder: 'parts/concurrency', to: concurrency, port: 9464 },
  { folder: 'parts/envoy-gateway', to: limits, port: 19_001 },
  { folder: 'parts/ledger', to: ledger, port: 9464 },
])('a Prometheus anywhere reads the metrics of $folder', async ({ folder, to, port }) => {
  const all = await policies(folder, to.namespace);
  expect(reaches(all, pod('monitoring', 'prometheus'), to, port)).toBe(true);
});
