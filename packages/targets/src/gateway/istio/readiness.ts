import { limitsTokens } from '@fairway/service';
import type { Service } from '@fairway/service';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { Access, GatewayReference } from '../access.ts';
import { sleepProblem } from '../sleep.ts';

interface Targeted extends KubernetesObject {
  readonly spec?: {
    readonly targetRefs?: readonly { readonly kind: string; readonly name: string }[];
    readonly jwtRules?: readonly { readonly issuer?: string; readonly audiences?: readonly string[] }[];
  };
}

const kinds = [
  ['security.istio.io/v1', 'RequestAuthentication'],
  ['security.istio.io/v1', 'AuthorizationPolicy'],
  ['networking.istio.io/v1alpha3', 'EnvoyFilter'],
] as const;

/** See `GatewayTarget`: whether the gateway has the platform's filters, takes the tokens of the issuer and asks the firewall that is named. */
export async function unready(
  cluster: Cluster,
  service: Service,
  gateway: GatewayReference,
  access: Access,
): Promise<Reason | undefined> {
  const awake = sleepProblem(service, 'Istio');
  if (awake) return awake;
  const where = `${gateway.namespace}/${gateway.name}`;
  const [tokens = [], policies = [], filters = []] = await Promise.all(
    kinds.map(async ([apiVersion, kind]) =>
      (await cluster.list<Targeted>(apiVersion, kind, gateway.namespace)).filter(({ spec }) =>
        spec?.targetRefs?.some(target => target.kind === 'Gateway' && target.name === gateway.name),
      ),
    ),
  );
  const text = JSON.stringify(filters);
  const advice = reasonOf('istio.apply');
  // services' own filters name these too, for their routes
  const has = (filter: string) => text.includes(`"name":"${filter}"`);
  if (!has('fairway.found_route')) return reasonOf('istio.noFilters', { gateway: where, advice });
  const asked = [
    ...(service.cache ? [{ what: reasonOf('istio.cache'), filter: 'fairway.cache', part: 'cache' }] : []),
    ...(limitsTokens(service)
      ? [{ what: reasonOf('istio.limits'), filter: 'fairway.limits_open', part: 'rate-limit' }]
      : []),
    ...(service.access.concurrentRequests
      ? [{ what: reasonOf('istio.concurrency'), filter: 'fairway.concurrency', part: 'concurrency' }]
      : []),
  ];
  const missing = asked.find(({ filter }) => !has(filter));
  if (missing) return reasonOf('istio.noFilter', { service: service.name, gateway: where, advice, ...missing });
  if (policies.length === 0) return reasonOf('istio.open', { gateway: where, advice });
  const firewall = `"${access.waf.name}.${access.waf.namespace}.svc`;
  if (!text.includes(firewall))
    return reasonOf('istio.otherFirewall', { gateway: where, firewall: `${access.waf.namespace}/${access.waf.name}` });
  const taken = tokens.flatMap(({ spec }) => spec?.jwtRules ?? []);
  const good = taken.some(
    ({ issuer, audiences = [] }) =>
      issuer === access.issuer && (audiences.length === 0 || (access.audience && audiences.includes(access.audience))),
  );
  if (good) return undefined;
  const { issuer, audience } = access;
  const all = taken.map(rule =>
    reasonOf('istio.takes', {
      issuer: rule.issuer ?? '',
      audiences: rule.audiences?.join(', ') || reasonOf('istio.anyAudience'),
    }),
  );
  return reasonOf('istio.noIssuer', {
    ...{ gateway: where, issuer },
    audience: audience ? reasonOf('istio.forAudience', { audience }) : reasonOf('istio.forNoAudience'),
    taken: all.length > 0 ? listOf('list.comma', all) : reasonOf('gateway.none'),
  });
}
